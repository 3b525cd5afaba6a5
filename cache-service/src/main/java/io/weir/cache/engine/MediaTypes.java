package io.weir.cache.engine;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The media types that most values have: one text of each is kept for all entries. They are fixed,
 * so that an entry weighs when it leaves what it weighed when it came.
 */
final class MediaTypes {

  private static final Map<String, String> SHARED =
      Stream.of(
              "application/json",
              "application/json; charset=utf-8",
              "application/json;charset=UTF-8",
              "application/octet-stream",
              "application/protobuf",
              "application/x-protobuf",
              "application/x-www-form-urlencoded",
              "application/xml",
              "application/cbor",
              "application/msgpack",
              "image/jpeg",
              "image/png",
              "text/css",
              "text/html",
              "text/html; charset=utf-8",
              "text/plain",
              "text/plain; charset=utf-8",
              "text/plain;charset=UTF-8",
              "text/xml")
          .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

  private MediaTypes() {}

  /** Whether a media type is one that takes nothing of an entry. */
  static boolean isShared(String type) {
    return SHARED.containsKey(type);
  }

  /** The text of a media type that all share; the same text if there is none. */
  static String shared(String type) {
    return SHARED.getOrDefault(type, type);
  }
}
