package io.weir.cache.door;

/** A request for one key, whose body is read by the thread that answers it. */
public interface KvRequest extends KvHead {

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
