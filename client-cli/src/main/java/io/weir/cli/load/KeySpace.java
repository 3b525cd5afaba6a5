package io.weir.cli.load;

import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import java.nio.charset.StandardCharsets;

/**
 * The keys of a load: a prefix and a number from 0 to n - 1. Immutable; holds two bytes a key, its
 * slot.
 */
public final class KeySpace {

  private final String prefix;
  private final String path;
  private final char[] slots;

  /**
   * Computes the slots.
   *
   * @throws io.weir.model.InvalidKeyException when the prefix is too long for a key
   */
  public KeySpace(String prefix, int count) {
    this.prefix = prefix;
    Key longest = Key.of(prefix + (count - 1));
    String longestPath = KeyPath.of(longest);
    // Digits are never escaped, and the prefix is escaped alike whatever digits follow.
    this.path = longestPath.substring(0, longestPath.length() - String.valueOf(count - 1).length());
    this.slots = new char[count];
    for (int i = 0; i < count; i++) {
      slots[i] = (char) HashSlots.slotOf(bytes(i));
    }
  }

  public int count() {
    return slots.length;
  }

  /** The key with a number. */
  public Key key(int number) {
    return Key.of(bytes(number));
  }

  int slot(int number) {
    return slots[number];
  }

  byte[] bytes(int number) {
    return (prefix + number).getBytes(StandardCharsets.UTF_8);
  }

  /** The path of a key on a server that has no path of its own. */
  String path(int number) {
    return path + number;
  }
}
