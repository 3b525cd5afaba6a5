package io.weir.load.workload;

import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import java.nio.charset.StandardCharsets;

/**
 * The keys of a load: a prefix and a number. Immutable; holds two bytes for each of the first n
 * keys, its slot, and computes those of later ones.
 */
public final class KeySpace {

  private final String prefix;
  private final String path;
  private final char[] slots;

  /**
   * Computes the slots.
   *
   * @param count of the keys that a run begins with
   * @throws io.weir.model.InvalidKeyException when the prefix is too long for a key
   */
  public KeySpace(String prefix, int count) {
    this.prefix = prefix;
    String largest = String.valueOf(Insertions.MOST_KEYS);
    String longestPath = KeyPath.of(Key.of(prefix + largest));
    // Digits are never escaped, and the prefix is escaped alike whatever digits follow.
    this.path = longestPath.substring(0, longestPath.length() - largest.length());
    this.slots = new char[count];
    for (int i = 0; i < count; i++) {
      slots[i] = (char) HashSlots.slotOf(bytes(i));
    }
  }

  public String prefix() {
    return prefix;
  }

  /** Number of keys that a run begins with. */
  public int count() {
    return slots.length;
  }

  /** The key with a number. */
  public Key key(int number) {
    return Key.of(bytes(number));
  }

  /** The number of a key; -1 when it is none of these. */
  public int number(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    if (!text.startsWith(prefix)) {
      return -1;
    }
    try {
      int number = Integer.parseInt(text.substring(prefix.length()));
      return number >= 0 && text.equals(prefix + number) ? number : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  public int slot(int number) {
    return number < slots.length ? slots[number] : HashSlots.slotOf(bytes(number));
  }

  public byte[] bytes(int number) {
    return (prefix + number).getBytes(StandardCharsets.UTF_8);
  }

  /** The path of a key on a server that has no path of its own. */
  public String path(int number) {
    return path + number;
  }
}
