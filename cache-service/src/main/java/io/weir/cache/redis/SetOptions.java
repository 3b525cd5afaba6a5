package io.weir.cache.redis;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code SET} and {@code GETEX}.
 *
 * @param nx whether the key must be absent
 * @param xx whether it must be present
 * @param get whether the old value is asked for
 * @param keepTtl whether the old expiry stays
 * @param persist whether it goes, and the value stays
 * @param expiry what {@code number} means; null when there is none
 * @param number null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SetOptions(
    boolean nx,
    boolean xx,
    boolean get,
    boolean keepTtl,
    boolean persist,
    @Nullable ExpiryTime expiry,
    byte @Nullable [] number) {

  static final SetOptions NONE = new SetOptions(false, false, false, false, false, null, null);
  static final SetOptions IF_ABSENT = new SetOptions(true, false, false, false, false, null, null);
  static final SetOptions OLD_VALUE = new SetOptions(false, false, true, false, false, null, null);

  /** Of one that takes a number alone. */
  static SetOptions expiring(ExpiryTime expiry, byte[] number) {
    return new SetOptions(false, false, false, false, false, expiry, number);
  }

  /**
   * Reads those of {@code SET key value …}.
   *
   * @throws CommandRefusedException on any other, and on those that exclude each other
   */
  static SetOptions ofSet(Request request) {
    return new Parser(request, 3, true).parse();
  }

  /** Reads those of {@code GETEX key …}, likewise. */
  static SetOptions ofGetex(Request request) {
    return new Parser(request, 2, false).parse();
  }

  /** Whether a {@code SET} with these needs not to know what the key holds. */
  boolean isBlind() {
    return !nx && !xx && !get && !keepTtl;
  }

  private static final class Parser {

    private final Request request;
    private final int first;
    private final boolean set;

    private boolean nx;
    private boolean xx;
    private boolean get;
    private boolean keepTtl;
    private boolean persist;
    private @Nullable ExpiryTime expiry;
    private byte @Nullable [] number;

    Parser(Request request, int first, boolean set) {
      this.request = request;
      this.first = first;
      this.set = set;
    }

    SetOptions parse() {
      for (int i = first; i < request.size(); i++) {
        String word = request.text(i).toLowerCase(Locale.ROOT);
        ExpiryTime time = time(word);
        if (time != null) {
          i++;
          require(!keepTtl && !persist && (expiry == null || expiry.equals(time)));
          require(i < request.size());
          expiry = time;
          number = request.bytes(i);
        } else {
          flag(word);
        }
      }
      return new SetOptions(nx, xx, get, keepTtl, persist, expiry, number);
    }

    private static @Nullable ExpiryTime time(String word) {
      return switch (word) {
        case "ex" -> ExpiryTime.SECONDS;
        case "px" -> ExpiryTime.MILLISECONDS;
        case "exat" -> ExpiryTime.AT_SECONDS;
        case "pxat" -> ExpiryTime.AT_MILLISECONDS;
        default -> null;
      };
    }

    private void flag(String word) {
      switch (set ? word : word + " of getex") {
        case "nx" -> {
          require(!xx);
          nx = true;
        }
        case "xx" -> {
          require(!nx);
          xx = true;
        }
        case "get" -> get = true;
        case "keepttl" -> {
          require(expiry == null);
          keepTtl = true;
        }
        case "persist of getex" -> {
          require(expiry == null);
          persist = true;
        }
        default -> throw CommandRefusedException.syntax();
      }
    }

    private static void require(boolean fits) {
      if (!fits) {
        throw CommandRefusedException.syntax();
      }
    }
  }
}
