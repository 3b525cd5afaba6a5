package io.weir.cache.door;

import io.weir.cache.kv.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} field: any, or a list of versions
 * (RFC 9110, section 13.1).
 */
final class EntityTags {

  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(?:,|$)");
  private static final EntityTags ANY = new EntityTags(true, List.of());

  private final boolean any;
  private final List<Tag> tags;

  private EntityTags(boolean any, List<Tag> tags) {
    this.any = any;
    this.tags = tags;
  }

  private record Tag(String version, boolean weak) {}

  /**
   * Reads a field's value.
   *
   * @return null when the field is absent
   * @throws BadRequestException when it is neither {@code *} nor a list of quoted tags
   */
  static @Nullable EntityTags parse(String field, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.strip().equals("*")) {
      return ANY;
    }
    List<Tag> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      tags.add(new Tag(matcher.group(2), matcher.group(1) != null));
      end = matcher.end();
    }
    if (tags.isEmpty() || end < text.length()) {
      throw new BadRequestException(
          field + " is * or a list of quoted versions such as \"42\", got " + text);
    }
    return new EntityTags(false, tags);
  }

  /** Whether one of the tags names what a key holds, weak or not, as If-None-Match compares. */
  boolean match(Versioned current) {
    return names(current, true);
  }

  /** Likewise as If-Match compares: a weak tag names nothing. */
  boolean matchStrongly(Versioned current) {
    return names(current, false);
  }

  /** An absent key has no tag. */
  private boolean names(Versioned current, boolean weakToo) {
    if (current.value() == null) {
      return false;
    }
    String version = current.version().toString();
    return any
        || tags.stream().anyMatch(t -> t.version().equals(version) && (weakToo || !t.weak()));
  }
}
