package io.weir.cli.demo;

import io.weir.cli.load.WriteLog;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What was found in one place of the writes that were acknowledged. Safe for any number of threads.
 */
final class Findings {

  private static final int MOST_EXAMPLES = 5;

  private final String place;
  private final WriteLog log;
  private final BitSet wrong = new BitSet();
  private final Map<WriteLog.Verdict, Integer> counts = new EnumMap<>(WriteLog.Verdict.class);
  private final List<String> examples = new ArrayList<>();

  /**
   * @param place where it was looked, such as "in the caches"
   */
  Findings(String place, WriteLog log) {
    this.place = place;
    this.log = log;
  }

  /** Adds what was found of a key. */
  synchronized void add(int key, WriteLog.Verdict verdict) {
    counts.merge(verdict, 1, Integer::sum);
    if (verdict == WriteLog.Verdict.INTACT || verdict == WriteLog.Verdict.UNTOUCHED) {
      return;
    }
    wrong.set(key);
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(log.keys().key(key) + " (" + name(verdict) + ")");
    }
  }

  /** Keys whose last acknowledged write is not there, by number. */
  synchronized BitSet wrong() {
    return (BitSet) wrong.clone();
  }

  /** In a line, such as "in the caches: 2 missing, 1 stale, such as load:5 (missing)". */
  synchronized String describe() {
    StringJoiner line = new StringJoiner(", ", place + ": ", "");
    counts.forEach((verdict, count) -> {
      if (verdict != WriteLog.Verdict.UNTOUCHED) {
        line.add(String.format(Locale.ROOT, "%,d %s", count, name(verdict)));
      }
    });
    if (counts.isEmpty()) {
      line.add("nothing to look for");
    }
    if (!examples.isEmpty()) {
      line.add("such as " + String.join(", ", examples));
    }
    return line.toString();
  }

  private static String name(WriteLog.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
