package io.weir.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weir.client.transport.Response;
import io.weir.model.Durability;
import io.weir.model.Headers;
import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/** Reads the answers of cache servers that decide an operation. */
final class Answers {

  private Answers() {}

  /** What a 2xx to a read holds. */
  static Entry entry(Response response) {
    return new Entry(
        response.body(),
        response.headers().get(HttpHeaderNames.CONTENT_TYPE),
        version(response),
        CacheStatus.of(response.headers().get(Headers.CACHE_STATUS)));
  }

  /** What a 2xx to a write acknowledges. */
  static Written written(Response response) {
    String reached = response.headers().get(Headers.DURABILITY);
    return new Written(version(response), reached == null ? null : durability(reached));
  }

  private static @Nullable Durability durability(String text) {
    try {
      return Durability.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Version version(Response response) {
    String tag = response.headers().get(HttpHeaderNames.ETAG);
    if (tag == null || !tag.matches("\"\\d{1,19}\"")) {
      return Version.NONE;
    }
    try {
      return new Version(Long.parseLong(tag.substring(1, tag.length() - 1)));
    } catch (NumberFormatException e) {
      return Version.NONE;
    }
  }
}
