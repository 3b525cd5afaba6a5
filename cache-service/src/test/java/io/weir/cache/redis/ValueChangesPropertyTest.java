package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever commands come, values are those of a model of strings. */
class ValueChangesPropertyTest {

  private static final int STEPS = 4_000;
  private static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
  private static final String TOO_LONG =
      "ERR string exceeds maximum allowed size (weir.max-value-size)";

  private final KeyFixture keys = new KeyFixture();
  private final Map<String, String> model = new HashMap<>();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void repliesAreThoseOfTheModel() {
    System.out.println("ValueChangesPropertyTest seed " + seed);
    for (int step = 0; step < STEPS; step++) {
      String key = "key-" + random.nextInt(4);
      List<String> words = new ArrayList<>();
      String expected = step(key, words);
      assertThat(reply(words)).as("%s, step %d, seed %d", words, step, seed).isEqualTo(expected);
      assertThat(reply(List.of("GET", key)))
          .as("after %s, step %d, seed %d", words, step, seed)
          .isEqualTo(quoted(model.get(key)));
    }
  }

  private String step(String key, List<String> words) {
    String old = model.getOrDefault(key, "");
    return switch (random.nextInt(8)) {
      case 0 -> {
        String value = random.nextBoolean() ? Long.toString(random.nextLong()) : word();
        words.addAll(List.of("SET", key, value));
        model.put(key, value);
        yield "OK";
      }
      case 1 -> {
        long by = random.nextLong() >> random.nextInt(64);
        words.addAll(List.of("INCRBY", key, Long.toString(by)));
        yield incremented(key, by);
      }
      case 2 -> {
        words.addAll(List.of("DECR", key));
        yield incremented(key, -1);
      }
      case 3 -> {
        String more = word();
        words.addAll(List.of("APPEND", key, more));
        if (old.length() + more.length() > KeyFixture.MAX_VALUE) {
          yield TOO_LONG;
        }
        model.put(key, old + more);
        yield Integer.toString(old.length() + more.length());
      }
      case 4 -> {
        int at = random.nextInt(KeyFixture.MAX_VALUE + 20);
        String part = word();
        words.addAll(List.of("SETRANGE", key, Integer.toString(at), part));
        yield overwritten(key, old, at, part);
      }
      case 5 -> {
        int first = random.nextInt(60) - 30;
        int last = random.nextInt(60) - 30;
        words.addAll(List.of("GETRANGE", key, Integer.toString(first), Integer.toString(last)));
        yield quoted(part(old, first, last));
      }
      case 6 -> {
        words.addAll(List.of("STRLEN", key));
        yield Integer.toString(old.length());
      }
      default -> {
        words.addAll(List.of("DEL", key));
        yield model.remove(key) == null ? "0" : "1";
      }
    };
  }

  private String incremented(String key, long by) {
    try {
      long sum = Math.addExact(Long.parseLong(model.getOrDefault(key, "0")), by);
      model.put(key, Long.toString(sum));
      return Long.toString(sum);
    } catch (NumberFormatException e) {
      return NOT_AN_INTEGER;
    } catch (ArithmeticException e) {
      return "ERR increment or decrement would overflow";
    }
  }

  private String overwritten(String key, String old, int at, String part) {
    if (part.isEmpty()) {
      return Integer.toString(old.length());
    }
    if (at + part.length() > KeyFixture.MAX_VALUE) {
      return TOO_LONG;
    }
    StringBuilder value = new StringBuilder(old);
    value.setLength(Math.max(old.length(), at + part.length()));
    value.replace(at, at + part.length(), part);
    model.put(key, value.toString());
    return Integer.toString(value.length());
  }

  /** By the indices of each byte, one by one. */
  private static String part(String text, int first, int last) {
    if (first < 0 && last < 0 && first > last) {
      return "";
    }
    int from = Math.max(0, first < 0 ? text.length() + first : first);
    int to = Math.max(0, last < 0 ? text.length() + last : last);
    StringBuilder part = new StringBuilder();
    for (int i = from; i <= to && i < text.length(); i++) {
      part.append(text.charAt(i));
    }
    return part.toString();
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private String reply(List<String> words) {
    return KeyFixture.text(
        keys.reply(new Request(words.stream().map(w -> w.getBytes(ISO_8859_1)).toList())));
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "nil" : '"' + value + '"';
  }
}
