package io.weir.cache.redis;

import io.weir.model.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A pattern of {@code KEYS} and {@code SCAN}: <code>*</code>, <code>?</code>, <code>[a-z]</code>,
 * <code>[^a]</code>, and a backslash before what stands for itself. Of bytes, not of characters.
 *
 * <p>A match goes back to the last star alone: what an earlier one could take instead changes
 * nothing. So it takes as many steps as pattern and text have bytes, multiplied, at most.
 */
final class Glob {

  private static final int BYTES = 256;

  /** Each byte of a key, as a class of two or more bytes; a pattern takes many times that. */
  private static final int MOST_BYTES = 4 * Key.MAX_BYTES;

  private static final Part STAR = new Part(true, new BitSet());
  private static final Part ANY = any();

  private final List<Part> parts = new ArrayList<>();
  private final byte[] pattern;
  private int at;

  /**
   * One piece of a pattern.
   *
   * @param isStar whether it is any number of bytes
   * @param bytes what its one byte may be, when it is not
   */
  private record Part(boolean isStar, BitSet bytes) {

    boolean takes(byte b) {
      return !isStar && bytes.get(b & 0xFF);
    }
  }

  private Glob(byte[] pattern) {
    this.pattern = pattern;
    while (at < pattern.length) {
      Part part = next();
      if (!part.isStar || !isStar(parts.size() - 1)) {
        parts.add(part);
      }
    }
  }

  /**
   * A pattern of keys.
   *
   * @throws CommandRefusedException when it is longer than any that is needed
   */
  static Glob of(byte[] pattern) {
    if (pattern.length > MOST_BYTES) {
      throw new CommandRefusedException("ERR a pattern has at most " + MOST_BYTES + " bytes");
    }
    return new Glob(pattern);
  }

  /** The same of names in lower case, of settings and commands: the case makes no difference. */
  static Glob ofName(String pattern) {
    return of(pattern.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
  }

  private Part next() {
    byte b = pattern[at++];
    return switch (b) {
      case '*' -> STAR;
      case '?' -> ANY;
      case '[' -> oneOf();
      case '\\' -> only(at < pattern.length ? pattern[at++] : b);
      default -> only(b);
    };
  }

  private static Part any() {
    BitSet all = new BitSet();
    all.set(0, BYTES);
    return new Part(false, all);
  }

  private static Part only(byte b) {
    BitSet one = new BitSet();
    one.set(b & 0xFF);
    return new Part(false, one);
  }

  /** A class of bytes, which the end of the pattern ends as well. */
  private Part oneOf() {
    BitSet some = new BitSet();
    boolean not = at < pattern.length && pattern[at] == '^';
    if (not) {
      at++;
    }
    while (at < pattern.length && pattern[at] != ']') {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        at++;
        some.set(pattern[at] & 0xFF);
      } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
        int one = pattern[at] & 0xFF;
        int other = pattern[at + 2] & 0xFF;
        some.set(Math.min(one, other), Math.max(one, other) + 1);
        at += 2;
      } else {
        some.set(pattern[at] & 0xFF);
      }
      at++;
    }
    at++;
    if (not) {
      some.flip(0, BYTES);
    }
    return new Part(false, some);
  }

  boolean matches(String name) {
    return matches(name.getBytes(StandardCharsets.ISO_8859_1));
  }

  boolean matches(byte[] text) {
    int part = 0;
    int i = 0;
    int afterStar = -1;
    int takenTo = 0; // What the last star takes ends before it.
    while (i < text.length) {
      if (isStar(part)) {
        part++;
        afterStar = part;
        takenTo = i;
      } else if (part < parts.size() && parts.get(part).takes(text[i])) {
        part++;
        i++;
      } else if (afterStar >= 0) {
        takenTo++;
        i = takenTo;
        part = afterStar;
      } else {
        return false;
      }
    }
    return part == parts.size() || (part == parts.size() - 1 && isStar(part));
  }

  private boolean isStar(int part) {
    return part >= 0 && part < parts.size() && parts.get(part).isStar;
  }
}
