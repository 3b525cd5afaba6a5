package io.weir.cache.door;

import io.weir.cache.kv.Versioned;
import io.weir.model.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} field: any, or a list of versions
 * (RFC 9110, section 13.1).
 */
final class EntityTags {

  /** Characters, as many as a request's head may have bytes: some hundred tags. */
  static final int LONGEST = 8 * 1024;

  private static final EntityTags ANY = new EntityTags(true, List.of());

  private final boolean any;
  private final List<Tag> tags;

  private EntityTags(boolean any, List<Tag> tags) {
    this.any = any;
    this.tags = tags;
  }

  private record Tag(String version, boolean weak) {}

  /**
   * Reads a field.
   *
   * @param header as {@link KvHead#header}
   * @return null when the field is absent
   * @throws BadRequestException as {@link #parse}
   */
  static @Nullable EntityTags of(String field, Function<String, @Nullable String> header) {
    return parse(field, header.apply(field));
  }

  /**
   * Reads a field's value, in one pass. Elements of the list may be empty (RFC 9110, section
   * 5.6.1.2).
   *
   * @return null when the field is absent
   * @throws BadRequestException when it is neither {@code *} nor a list of quoted tags, or too long
   */
  static @Nullable EntityTags parse(String field, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.length() > LONGEST) {
      throw new BadRequestException(
          field + " has at most " + LONGEST + " characters, got " + text.length());
    }
    if (text.strip().equals("*")) {
      return ANY;
    }
    List<Tag> tags = new ArrayList<>();
    boolean mayBegin = true;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ',') {
        mayBegin = true;
        at++;
      } else if (c == ' ' || c == '\t') {
        at++;
      } else {
        boolean weak = text.startsWith("W/", at);
        int opening = weak ? at + 2 : at;
        int closing = text.startsWith("\"", opening) ? text.indexOf('"', opening + 1) : -1;
        if (!mayBegin || closing < 0) {
          throw noList(field, text);
        }
        tags.add(new Tag(text.substring(opening + 1, closing), weak));
        mayBegin = false;
        at = closing + 1;
      }
    }
    if (tags.isEmpty()) {
      throw noList(field, text);
    }
    return new EntityTags(false, tags);
  }

  private static BadRequestException noList(String field, String text) {
    return new BadRequestException(
        field + " is * or a list of quoted versions such as \"42\", got " + Excerpt.of(text));
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
