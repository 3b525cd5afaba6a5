package io.weir.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One occurrence of an error, as RFC 9457 {@code application/problem+json}.
 *
 * @param detail a sentence about this occurrence, with the values that matter
 * @param extensions further members, such as {@code owner}
 */
public record Problem(ProblemType type, String detail, Map<String, Object> extensions) {

  /** The media type of the body. */
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    // Not Map.copyOf, which forgets the order.
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Map.of());
  }

  /** Returns the same problem with one more member. */
  public Problem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extensions);
    more.put(name, value);
    return new Problem(type, detail, more);
  }

  /** The members in the order in which they are written. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", type.uri().toString());
    members.put("title", type.title());
    members.put("status", type.status());
    members.put("detail", detail);
    members.putAll(extensions);
    return members;
  }
}
