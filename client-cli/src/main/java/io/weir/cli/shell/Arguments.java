package io.weir.cli.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command line as it was typed. The JVM decodes it by the locale, and where that is not UTF-8,
 * other bytes become one and the same replacement character, so that two keys would be one: the
 * bytes are then taken from the kernel, and what is not UTF-8 is refused.
 */
public final class Arguments {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final char REPLACEMENT = '\uFFFD';

  private Arguments() {}

  /**
   * Returns the arguments of this process.
   *
   * @param decoded as the JVM has them
   * @throws CommandException when one of them is not UTF-8, or cannot be told
   */
  public static String[] asTyped(String[] decoded) {
    boolean ascii = true;
    for (String argument : decoded) {
      ascii &= argument.chars().allMatch(c -> c < 128);
    }
    return ascii ? decoded : asTyped(decoded, commandLine());
  }

  /**
   * The same of a process.
   *
   * @param raw its command line, a zero after each argument; empty when it is not known
   */
  static String[] asTyped(String[] decoded, byte[] raw) {
    List<byte[]> all = split(raw);
    int before = all.size() - decoded.length;
    String[] typed = decoded.clone();
    for (int i = 0; i < decoded.length; i++) {
      if (before > 0 && isThat(decoded[i], all.get(before + i))) {
        typed[i] = utf8(all.get(before + i), i);
      } else if (decoded[i].indexOf(REPLACEMENT) >= 0) {
        throw notUtf8(i);
      }
    }
    return typed;
  }

  /** Whether the JVM may have made this of these bytes: its ASCII characters are theirs. */
  private static boolean isThat(String decoded, byte[] bytes) {
    StringBuilder ofText = new StringBuilder();
    decoded.chars().filter(c -> c < 128).forEach(c -> ofText.append((char) c));
    StringBuilder ofBytes = new StringBuilder();
    for (byte b : bytes) {
      if (b >= 0) {
        ofBytes.append((char) b);
      }
    }
    return ofText.compareTo(ofBytes) == 0;
  }

  private static String utf8(byte[] bytes, int index) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw notUtf8(index);
    }
  }

  private static CommandException notUtf8(int index) {
    return new CommandException(
        ExitCodes.USAGE,
        "argument "
            + (index + 1)
            + " is not UTF-8, or the locale hides what was typed: use a UTF-8 locale, such as"
            + " LC_ALL=C.UTF-8; a value may be any bytes in a file (--file) or on standard input");
  }

  private static byte[] commandLine() {
    try {
      return Files.isReadable(COMMAND_LINE) ? Files.readAllBytes(COMMAND_LINE) : new byte[0];
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static List<byte[]> split(byte[] raw) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == 0) {
        parts.add(Arrays.copyOfRange(raw, start, i));
        start = i + 1;
      }
    }
    return parts;
  }
}
