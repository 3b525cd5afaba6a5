package io.weir.cache.door;

import org.jspecify.annotations.Nullable;

/** A request for one key, as a door hands it in. */
public interface KvRequest {

  /** The method, in capitals. */
  String method();

  /** What follows {@code /kv/} in the raw request target, up to the query, still encoded. */
  String rawKey();

  /** The raw query without its question mark; null when there is none. */
  @Nullable String query();

  /** The value of a header field, several joined by commas; null when it is absent. */
  @Nullable String header(String name);

  /**
   * Reads the body, once. A client that waits to be told sends it only now.
   *
   * @throws OverloadedException when there is no room for it
   * @throws SlowBodyException when it comes too slowly
   * @throws ValueTooLargeException when it has more bytes than {@code maxBytes}
   * @throws UnreadableBodyException when the client sends no whole body
   */
  byte[] body(int maxBytes);
}
