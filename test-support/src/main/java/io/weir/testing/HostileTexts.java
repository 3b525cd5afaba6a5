package io.weir.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Long texts that cost a parser dear when it begins anew at each of their characters: runs of what
 * parsers skip, repeat or pair, with an end that fits nothing.
 *
 * <p>A parser of linear time takes milliseconds for each. One of quadratic time takes a minute, and
 * is told from it on any machine.
 */
public final class HostileTexts {

  /** Characters of a text, unless a test says otherwise. */
  public static final int LENGTH = 100_000;

  private static final Duration LONGEST = Duration.ofSeconds(3);

  /** Far above a sentence, and far below a text. */
  private static final int LONGEST_MESSAGE = 2_000;

  private static final char[] ALPHABET =
      " \t\",;=\\/*%&+-._:'()[]{}<>09aAzWPTHMSD\u00e9\u3000".toCharArray();
  private static final List<String> BEFORE = List.of("", "x", "\"", "PT", "1", "W/\"", "text/");
  private static final int RANDOM_TEXTS = 100;

  private HostileTexts() {}

  /** Hands texts of {@link #LENGTH} to a parser. It may refuse them, soon and in few words. */
  public static void parseAll(Consumer<String> parser) {
    parseAll(LENGTH, parser);
  }

  /**
   * The same with texts of another length, such as the longest that come to the parser.
   *
   * @param parser throws what it refuses with
   */
  public static void parseAll(int length, Consumer<String> parser) {
    long seed = System.nanoTime();
    for (Text text : texts(length, new Random(seed))) {
      String hostile = text.made().get();
      String message = "";
      long began = System.nanoTime();
      try {
        parser.accept(hostile);
      } catch (RuntimeException e) {
        message = String.valueOf(e.getMessage());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      if (took.compareTo(LONGEST) > 0 || message.length() > LONGEST_MESSAGE) {
        throw new AssertionError(
            "%s (seed %d) took %d ms, and a message of %d characters"
                .formatted(text.what(), seed, took.toMillis(), message.length()));
      }
    }
  }

  /** Made when it is handed over: all of them together are large. */
  private record Text(String what, Supplier<String> made) {}

  private static List<Text> texts(int length, Random random) {
    List<Text> texts = new ArrayList<>();
    for (char c : ALPHABET) {
      for (String before : BEFORE) {
        String what = before + " and a run of '" + c + "'";
        Supplier<String> run = () -> before + String.valueOf(c).repeat(length);
        texts.add(new Text(what, run));
        texts.add(new Text(what + " and a !", () -> run.get() + "!"));
      }
      for (char d : ALPHABET) {
        String pair = "" + c + d;
        texts.add(new Text("pairs of '" + pair + "' and a !", () -> pair.repeat(length / 2) + "!"));
      }
    }
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      texts.add(new Text("random text " + i, () -> random(length, random)));
    }
    return texts;
  }

  /** Runs of random characters, of random lengths: short ones and long ones alike. */
  private static String random(int length, Random random) {
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      char c = ALPHABET[random.nextInt(ALPHABET.length)];
      int run = 1 + random.nextInt(1 + (length >> random.nextInt(16)));
      text.append(String.valueOf(c).repeat(Math.min(run, length - text.length())));
    }
    return text.toString();
  }
}
