package io.weir.cache.door;

import io.weir.model.Durations;
import io.weir.model.Excerpt;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The query of a request for a key: {@code ttl} of a put, and nothing else. */
final class KvParameters {

  private KvParameters() {}

  /**
   * Reads the time to live.
   *
   * @return null when there is none
   * @throws BadRequestException on any other parameter, and when it is no duration within bounds
   */
  static @Nullable Duration ttl(@Nullable String query, boolean allowed) {
    if (query == null || query.isEmpty()) {
      return null;
    }
    Duration ttl = null;
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (!allowed || !name.equals("ttl") || equals < 0) {
        throw new BadRequestException(
            allowed
                ? "the parameter of a put is ttl, such as ?ttl=60s; got '"
                    + Excerpt.of(parameter)
                    + "'"
                : "this request takes no parameters, got '" + Excerpt.of(parameter) + "'");
      }
      if (ttl != null) {
        throw new BadRequestException("a put has one ttl, got '" + Excerpt.of(query) + "'");
      }
      ttl = parse(parameter.substring(equals + 1));
    }
    return ttl;
  }

  private static Duration parse(String text) {
    Duration ttl;
    try {
      ttl = Durations.parse(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("ttl: " + e.getMessage());
    }
    // In this order: milliseconds of a longer one may overflow.
    if (ttl.compareTo(Durations.LONGEST_LIFE) > 0 || ttl.toMillis() <= 0) {
      throw new BadRequestException(
          "ttl is 1ms to " + Durations.LONGEST_LIFE.toDays() + "d, got '" + text + "'");
    }
    return ttl;
  }
}
