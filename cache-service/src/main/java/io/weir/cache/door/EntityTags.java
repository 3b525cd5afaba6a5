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
  private final List<String> versions;

  private EntityTags(boolean any, List<String> versions) {
    this.any = any;
    this.versions = versions;
  }

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
    List<String> versions = new ArrayList<>();
    Matcher matcher = TAG.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      versions.add(matcher.group(2));
      end = matcher.end();
    }
    if (versions.isEmpty() || end < text.length()) {
      throw new BadRequestException(
          field + " is * or a list of quoted versions such as \"42\", got " + text);
    }
    return new EntityTags(false, versions);
  }

  /** Whether the tags name what a key holds; an absent key has no tag. */
  boolean match(Versioned current) {
    return current.value() != null && (any || versions.contains(current.version().toString()));
  }
}
