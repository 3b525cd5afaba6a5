package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import io.weir.model.ByteSize;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests out of what a connection sends: arrays of bulk strings, and inline commands.
 *
 * <p>Words are held on the connection's account: small ones once they are whole, large ones as they
 * come ({@link LargeWord}).
 *
 * <p><b>Failure.</b> What breaks the protocol ends the connection, with Redis's words. What is well
 * formed and too large, or finds no room, is read to its end and thrown away, so that it alone is
 * refused: see {@link #refusal}.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop.
 *
 * <p><b>Length.</b> More than 400 lines: one automaton, whose states go over into each other at
 * every byte.
 */
final class RespDecoder extends Input {

  /** What came of looking for a request. */
  enum Step {
    /** More has to come. */
    MORE,
    /** There is one. */
    REQUEST,
    /** The protocol is broken: {@link #failure} says how. */
    BROKEN,
    /** This is no client of Redis's, but one whom somebody leads to send something here. */
    FOREIGN
  }

  /** What a word takes besides its bytes. */
  static final int WORD_OVERHEAD = 24;

  private static final int USUAL_WORDS = 16;
  private static final int UNKNOWN = -1;

  private static final long INCOMPLETE = Long.MIN_VALUE;
  private static final long INVALID = Long.MIN_VALUE + 1;
  private static final long TOO_LONG = Long.MIN_VALUE + 2;

  static final String NO_ROOM =
      "TRYAGAIN the requests under way take all the memory that there is for them";

  private final CommandTable commands;
  private final RespLimits limits;

  /** How much of what stands there is known to hold no end of a line. */
  private int searched;

  /** How many words the request has; 0 between two. */
  private int expected;

  private int count;
  private byte[][] words = new byte[USUAL_WORDS][];
  private CommandTable.@Nullable Known command;

  /** Of the word that is coming; {@link #UNKNOWN} before its length is known. */
  private int wordLength = UNKNOWN;

  /** As much as has come of a large word. */
  private @Nullable LargeWord large;

  /** What is still to be thrown away of a word. */
  private int skipped;

  private long heldBytes;
  private @Nullable String refusal;
  private String failure = "";

  RespDecoder(CommandTable commands, RespLimits limits, Account account) {
    super(account);
    this.commands = commands;
    this.limits = limits;
  }

  /**
   * Takes what has come.
   *
   * @param scratch see {@link Input#add}
   */
  void append(ByteBuf received, byte[] scratch) {
    if (skipped > 0 && from == to) { // Else what is here comes first, and is thrown away later.
      int thrown = Math.min(skipped, received.readableBytes());
      received.skipBytes(thrown);
      skipped -= thrown;
    } else if (large != null && from == to && !large.take(received)) {
      noRoom(large.missing());
    }
    if (received.isReadable()) {
      add(received, scratch);
    }
  }

  /** Whether a request has begun and not ended. */
  boolean isAmidst() {
    return to > from || expected > 0;
  }

  /**
   * Looks for the next request, once the last is {@link #done}.
   *
   * @param trusted whether the client has logged in, where it has to
   */
  Step next(boolean trusted) {
    while (true) {
      if (expected == 0) {
        if (from == to) {
          return Step.MORE;
        }
        if (in[from] != '*') {
          Step step = inline(trusted);
          if (step != null) {
            return step;
          }
          continue;
        }
        Step step = header(trusted);
        if (step != null) {
          return step;
        }
      } else if (count == expected) {
        return isForeign() ? Step.FOREIGN : Step.REQUEST;
      } else {
        Step step = wordLength == UNKNOWN ? length(trusted) : word();
        if (step != null) {
          return step;
        }
      }
    }
  }

  /** Takes how many words a request has; null to go on. */
  private @Nullable Step header(boolean trusted) {
    long number = number();
    if (number == INCOMPLETE) {
      return Step.MORE;
    }
    if (number == TOO_LONG) {
      return broken("too big mbulk count string");
    }
    if (number == INVALID || number > RespLimits.MAX_WORDS) {
      return broken("invalid multibulk length");
    }
    if (number > RespLimits.STRANGERS_WORDS && !trusted) {
      return broken("unauthenticated multibulk length");
    }
    expected = Math.toIntExact(Math.max(0, number));
    return null;
  }

  /** Takes the length of a word; null to go on. */
  private @Nullable Step length(boolean trusted) {
    if (from == to) {
      return Step.MORE;
    }
    if (in[from] != '$') {
      return broken("expected '$', got '" + printable(in[from]) + "'");
    }
    long number = number();
    if (number == INCOMPLETE) {
      return Step.MORE;
    }
    if (number == TOO_LONG) {
      return broken("too big bulk count string");
    }
    if (number < 0 || number > RespLimits.MAX_WORD_BYTES) {
      return broken("invalid bulk length");
    }
    if (!trusted && heldBytes + number > RespLimits.STRANGERS_BYTES) {
      return broken("unauthenticated bulk length");
    }
    wordLength = (int) number;
    if (refusal == null
        && (wordLength > limits.maxValueBytes()
            || heldBytes + wordLength > limits.maxRequestBytes())) {
      refuse(
          "ERR the request is larger than this server takes: a value has at most "
              + new ByteSize(limits.maxValueBytes())
              + ", and all of a request at most "
              + new ByteSize(limits.maxRequestBytes()));
    }
    if (refusal != null) {
      skipped = wordLength + 2;
    }
    return null;
  }

  /** Takes a word, or as much of it as is here; null to go on. */
  private @Nullable Step word() {
    if (skipped > 0) {
      int thrown = Math.min(skipped, to - from);
      skipped -= thrown;
      from += thrown;
      if (skipped > 0) {
        return Step.MORE;
      }
    }
    if (refusal != null) {
      wordLength = UNKNOWN;
      count++;
      return null;
    }
    if (large != null) {
      return largeWord(large);
    }
    return wordLength <= LargeWord.LEAST || to - from >= wordLength + 2
        ? smallWord()
        : beginLarge();
  }

  private @Nullable Step smallWord() {
    int end = from + wordLength;
    if (to < end + 2) {
      return Step.MORE;
    }
    if (in[end] != '\r' || in[end + 1] != '\n') {
      return broken("expected CRLF after a bulk string");
    }
    if (count == 0) {
      command = commands.find(in, from, wordLength);
    }
    add(
        count == 0 && command != null && command.name().length == wordLength
            ? command.name()
            : Arrays.copyOfRange(in, from, end));
    from = end + 2;
    wordLength = UNKNOWN;
    return null;
  }

  private @Nullable Step beginLarge() {
    if (from == to) {
      return Step.MORE;
    }
    LargeWord begun = LargeWord.begin(wordLength, to - from, account);
    if (begun == null) {
      noRoom(wordLength);
      return null;
    }
    large = begun;
    return largeWord(begun);
  }

  private @Nullable Step largeWord(LargeWord word) {
    from += word.take(in, from, to - from);
    if (!word.isWhole() && from < to) {
      noRoom(word.missing());
      return null;
    }
    if (!word.isWhole() || to - from < 2) {
      return Step.MORE;
    }
    if (in[from] != '\r' || in[from + 1] != '\n') {
      return broken("expected CRLF after a bulk string");
    }
    from += 2;
    large = null;
    wordLength = UNKNOWN;
    heldBytes += word.heldBytes();
    put(word.bytes());
    return null;
  }

  private void noRoom(int missing) {
    if (large != null) {
      account.free(large.heldBytes());
      large = null;
    }
    refuse(NO_ROOM);
    skipped = missing + 2;
  }

  private void add(byte[] word) {
    long bytes = word.length + (long) WORD_OVERHEAD;
    if (!account.tryHold(bytes)) {
      refuse(NO_ROOM);
      count++;
      return;
    }
    heldBytes += bytes;
    put(word);
  }

  private void put(byte[] word) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    words[count++] = word;
  }

  /** From here on what comes of the request is thrown away, and what has come is forgotten. */
  private void refuse(String why) {
    refusal = why;
    Arrays.fill(words, null);
    account.free(heldBytes);
    heldBytes = 0;
  }

  private @Nullable Step inline(boolean trusted) {
    int most = trusted ? RespLimits.INLINE_BYTES : RespLimits.STRANGERS_INLINE_BYTES;
    int end = from + searched;
    while (end < to && in[end] != '\n' && end - from <= most) {
      end++;
    }
    searched = end - from;
    if (searched > most) {
      return broken("too big inline request");
    }
    if (end == to) {
      return Step.MORE;
    }
    searched = 0;
    int lineEnd = end > from && in[end - 1] == '\r' ? end - 1 : end;
    List<byte[]> line = InlineWords.split(in, from, lineEnd);
    from = end + 1;
    if (line == null) {
      return broken("unbalanced quotes in request");
    }
    if (line.isEmpty()) {
      return null;
    }
    expected = line.size();
    byte[] name = line.getFirst();
    command = commands.find(name, 0, name.length);
    for (byte[] word : line) {
      if (refusal == null) {
        add(word);
      } else {
        count++;
      }
    }
    return isForeign() ? Step.FOREIGN : Step.REQUEST;
  }

  /**
   * Whether it is the begin of an HTTP request: a page in a browser can be made to send one here,
   * with commands of its own as the body.
   */
  private boolean isForeign() {
    return command == null
        && refusal == null
        && (isWord(words[0], "post") || isWord(words[0], "host:"));
  }

  private static boolean isWord(byte[] word, String expected) {
    return word.length == expected.length()
        && new String(word, StandardCharsets.ISO_8859_1).equalsIgnoreCase(expected);
  }

  /** Takes a line that is a type's byte and a number, unless it is incomplete. */
  private long number() {
    int at = from + 1;
    int last = Math.min(to, from + RespLimits.LENGTH_LINE_BYTES - 1);
    boolean negative = at < last && in[at] == '-';
    if (negative) {
      at++;
    }
    int first = at;
    long number = 0;
    boolean digits = true;
    while (at < last && in[at] != '\r') {
      int digit = in[at++] - '0';
      digits &= digit >= 0 && digit <= 9;
      number = number * 10 + digit;
    }
    if (at == last) {
      return to - from < RespLimits.LENGTH_LINE_BYTES ? INCOMPLETE : TOO_LONG;
    }
    if (at + 1 == to) {
      return INCOMPLETE;
    }
    boolean leadingZero = in[first] == '0' && (at - first > 1 || negative);
    boolean valid = digits && at > first && !leadingZero && in[at + 1] == '\n';
    from = at + 2;
    return valid ? (negative ? -number : number) : INVALID;
  }

  private Step broken(String how) {
    failure = "ERR Protocol error: " + how;
    return Step.BROKEN;
  }

  private static String printable(byte b) {
    return b >= ' ' && b <= '~' ? String.valueOf((char) b) : "\\x%02x".formatted(b);
  }

  /** How the protocol is broken, as the text of an error. */
  String failure() {
    return failure;
  }

  /** Why the request is not run, as the text of an error; null when it may be. */
  @Nullable String refusal() {
    return refusal;
  }

  /** The request's command; null when there is none of this name. */
  CommandTable.@Nullable Known command() {
    return command;
  }

  /** How many words the request has. */
  int count() {
    return count;
  }

  /** A word of the request. Its array is the request's own. */
  byte[] word(int index) {
    return words[index];
  }

  /** The request as something to keep. */
  Request request() {
    return new Request(List.of(Arrays.copyOf(words, count)));
  }

  /** What the request holds of the account, for whoever frees it. */
  long heldBytes() {
    return heldBytes;
  }

  /** The request is dealt with: what it holds is somebody else's to free. */
  void done() {
    if (words.length > USUAL_WORDS) {
      words = new byte[USUAL_WORDS][];
    } else {
      Arrays.fill(words, null);
    }
    expected = 0;
    count = 0;
    command = null;
    refusal = null;
    heldBytes = 0;
  }
}
