package io.weir.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The commands by their names, which are found in a buffer in whatever case they are written. */
final class CommandTable {

  private static final int LOWER_CASE = 0x20;

  private final @Nullable Known[] slots;
  private final RespMeters meters;

  /** A command, its name, and what is counted of it. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Known(CommandSpec spec, byte[] name, Way way, RespMeters.OfCommand meters) {

    @Override
    public String toString() {
      return spec.name();
    }
  }

  /** How a command is run. */
  enum Way {
    GET,
    SET,
    /** By its {@link Command}. */
    OTHER
  }

  CommandTable(List<CommandSpec> commands, RespMeters meters) {
    this.meters = meters;
    int size = Integer.highestOneBit(Math.max(8, commands.size() * 4)) * 2;
    this.slots = new @Nullable Known[size];
    for (CommandSpec spec : commands) {
      add(spec);
    }
  }

  private void add(CommandSpec spec) {
    byte[] name = spec.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    if (find(name, 0, name.length) != null) {
      throw new IllegalArgumentException("there are two commands '" + spec.name() + "'");
    }
    Way way =
        switch (spec.name()) {
          case "get" -> Way.GET;
          case "set" -> Way.SET;
          default -> Way.OTHER;
        };
    int at = hash(name, 0, name.length) & (slots.length - 1);
    while (slots[at] != null) {
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = new Known(spec, name, way, meters.of(spec));
  }

  /** Returns the command of a name that stands in a buffer; null when there is none. */
  @Nullable Known find(byte[] bytes, int from, int length) {
    int at = hash(bytes, from, length) & (slots.length - 1);
    while (true) {
      Known known = slots[at];
      if (known == null || isOf(known.name, bytes, from, length)) {
        return known;
      }
      at = (at + 1) & (slots.length - 1);
    }
  }

  private static boolean isOf(byte[] name, byte[] bytes, int from, int length) {
    if (name.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      byte b = bytes[from + i];
      int lower = b >= 'A' && b <= 'Z' ? b | LOWER_CASE : b;
      if (name[i] != lower) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] bytes, int from, int length) {
    int hash = length;
    for (int i = from; i < from + length; i++) {
      hash = hash * 31 + (bytes[i] | LOWER_CASE);
    }
    return hash ^ (hash >>> 15);
  }
}
