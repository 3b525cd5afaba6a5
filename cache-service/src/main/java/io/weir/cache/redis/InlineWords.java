package io.weir.cache.redis;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of an inline command, as somebody types them: separated by white space, in double
 * quotes with {@code \n}, {@code \r}, {@code \t}, {@code \b}, {@code \a} and {@code \xFF}, or in
 * single quotes with {@code \'} alone. What follows a closing quote must be white space.
 */
final class InlineWords {

  private final byte[] line;
  private final int end;
  private int at;

  private InlineWords(byte[] line, int from, int end) {
    this.line = line;
    this.at = from;
    this.end = end;
  }

  /** Splits a line; null when its quotes are not balanced. */
  static @Nullable List<byte[]> split(byte[] line, int from, int end) {
    InlineWords words = new InlineWords(line, from, end);
    List<byte[]> all = new ArrayList<>();
    while (words.hasNext()) {
      byte[] word = words.next();
      if (word == null) {
        return null;
      }
      all.add(word);
    }
    return all;
  }

  private boolean hasNext() {
    while (at < end && isSpace(line[at])) {
      at++;
    }
    return at < end;
  }

  private byte @Nullable [] next() {
    int from = at;
    while (at < end && !isSpace(line[at])) {
      if (line[at] == '"' || line[at] == '\'') {
        return quoted(from);
      }
      at++;
    }
    return Arrays.copyOfRange(line, from, at);
  }

  /** A word that has a quote somewhere. */
  private byte @Nullable [] quoted(int from) {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    word.write(line, from, at - from);
    while (at < end && !isSpace(line[at])) {
      byte b = line[at++];
      if (b != '"' && b != '\'') {
        word.write(b);
        continue;
      }
      boolean closed = b == '"' ? doubleQuoted(word) : singleQuoted(word);
      if (!closed || (at < end && !isSpace(line[at]))) {
        return null;
      }
    }
    return word.toByteArray();
  }

  private boolean doubleQuoted(ByteArrayOutputStream word) {
    while (at < end) {
      byte b = line[at++];
      if (b == '"') {
        return true;
      }
      if (b != '\\' || at == end) {
        word.write(b);
      } else if (isHexEscape()) {
        word.write(
            (HexFormat.fromHexDigit(line[at + 1]) << 4) | HexFormat.fromHexDigit(line[at + 2]));
        at += 3;
      } else {
        word.write(escaped(line[at++]));
      }
    }
    return false;
  }

  private boolean isHexEscape() {
    return line[at] == 'x'
        && at + 2 < end
        && HexFormat.isHexDigit(line[at + 1])
        && HexFormat.isHexDigit(line[at + 2]);
  }

  private static int escaped(byte b) {
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 0x07;
      default -> b;
    };
  }

  private boolean singleQuoted(ByteArrayOutputStream word) {
    while (at < end) {
      byte b = line[at++];
      if (b == '\'') {
        return true;
      }
      if (b == '\\' && at < end && line[at] == '\'') {
        at++;
        word.write('\'');
      } else {
        word.write(b);
      }
    }
    return false;
  }

  /** As {@code isspace} of C has it. */
  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r') || b == 0;
  }
}
