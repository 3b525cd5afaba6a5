package io.weir.cache.door;

import io.weir.model.Consistency;
import io.weir.model.Headers;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a head ask of a read. Immutable; of the same fields it means the same.
 *
 * @param reload whether to ask the database although the key is resident
 */
public record ReadFields(
    @Nullable EntityTags match,
    @Nullable EntityTags noneMatch,
    boolean reload,
    @Nullable Consistency consistency) {

  /**
   * Makes sense of fields.
   *
   * @param header as {@link KvHead#header}
   * @throws BadRequestException when one has no meaning
   */
  public static ReadFields of(Function<String, @Nullable String> header) {
    return new ReadFields(
        EntityTags.of("If-Match", header),
        EntityTags.of("If-None-Match", header),
        asksToReload(header.apply("Cache-Control")),
        WriteFields.parsed(header, Headers.CONSISTENCY, Consistency::parse));
  }

  /** Whether there are conditions, on the version that is read. */
  public boolean isConditional() {
    return match != null || noneMatch != null;
  }

  private static boolean asksToReload(@Nullable String cacheControl) {
    return cacheControl != null && cacheControl.toLowerCase(Locale.ROOT).contains("no-cache");
  }
}
