package io.weir.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One request of the Redis protocol: the name of a command, and its arguments. Its arrays belong to
 * it: no buffer of the connection is behind them.
 *
 * @param words the name first; at least one
 */
public record Request(List<byte[]> words) {

  /** How many words it has, the name included. */
  public int size() {
    return words.size();
  }

  /** A word as it came. */
  public byte[] bytes(int index) {
    return words.get(index);
  }

  /** A word as text, byte for byte: what is not ASCII is never a keyword or a number. */
  public String text(int index) {
    return new String(words.get(index), StandardCharsets.ISO_8859_1);
  }
}
