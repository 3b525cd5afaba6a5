package io.weir.lab.torture;

import io.weir.model.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that all clients add 1 to, and what they were answered. They are 0 at first.
 *
 * <p>In the end each is at least the number of additions that were acknowledged, and at most those
 * and the ones whose outcome is open: less, and one was lost; more, and one was carried out twice.
 * No two additions may have been answered the same sum, and none more than the end.
 *
 * <p><b>Concurrency.</b> Additions are recorded by any number of threads; judged is what was
 * recorded before.
 */
final class Counters {

  private static final int COUNT = 8;
  private static final String PREFIX = "torture:counter:";

  private final List<Counter> counters = new ArrayList<>();

  private static final class Counter {
    final Key key;
    final Queue<Long> sums = new ConcurrentLinkedQueue<>();
    final AtomicLong open = new AtomicLong();

    Counter(Key key) {
      this.key = key;
    }
  }

  /**
   * What they say in the end.
   *
   * @param acknowledged additions
   * @param open additions whose outcome is
   * @param wrong sentences about counters that cannot be right
   */
  record Verdict(long acknowledged, long open, List<String> wrong) {

    /** Of a torture that counts nothing. */
    static final Verdict NONE = new Verdict(0, 0, List.of());
  }

  Counters() {
    for (int i = 0; i < COUNT; i++) {
      counters.add(new Counter(Key.of(PREFIX + i)));
    }
  }

  int count() {
    return COUNT;
  }

  Key key(int counter) {
    return counters.get(counter).key;
  }

  /** An addition was acknowledged with this sum. */
  void added(int counter, long sum) {
    counters.get(counter).sums.add(sum);
  }

  /** An addition has happened, or will, or never does. */
  void mayHaveAdded(int counter) {
    counters.get(counter).open.incrementAndGet();
  }

  /** Where the caches are read in the end. */
  interface Values {
    byte @Nullable [] of(Key key);
  }

  /**
   * Judges them.
   *
   * @param values as the caches answer them once all is written back
   * @param rows of the databases, by their keys
   */
  Verdict judge(Values values, Map<String, byte[]> rows) {
    List<String> wrong = new ArrayList<>();
    long acknowledged = 0;
    long open = 0;
    for (Counter each : counters) {
      acknowledged += each.sums.size();
      open += each.open.get();
      byte[] value = values.of(each.key);
      byte[] row = rows.get(each.key.toString());
      if (!Arrays.equals(value, row)) {
        wrong.add(
            each.key
                + " is "
                + text(value)
                + " in the caches and "
                + text(row)
                + " in the database");
      }
      judge(each, text(value), wrong);
    }
    return new Verdict(acknowledged, open, wrong);
  }

  private static void judge(Counter counter, String value, List<String> wrong) {
    long last;
    try {
      last = value.equals("absent") ? 0 : Long.parseLong(value);
    } catch (NumberFormatException e) {
      wrong.add(counter.key + " is no number but '" + value + "'");
      return;
    }
    long known = counter.sums.size();
    long most = known + counter.open.get();
    if (last < known || last > most) {
      wrong.add(
          counter.key
              + " is "
              + last
              + " after "
              + known
              + " acknowledged additions and "
              + counter.open
              + " open ones");
    }
    Set<Long> seen = new HashSet<>();
    for (long sum : counter.sums) {
      if (!seen.add(sum)) {
        wrong.add("two additions to " + counter.key + " were answered " + sum);
      } else if (sum < 1 || sum > last) {
        wrong.add("an addition to " + counter.key + " was answered " + sum + ", and it is " + last);
      }
    }
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "absent" : new String(value, StandardCharsets.UTF_8);
  }
}
