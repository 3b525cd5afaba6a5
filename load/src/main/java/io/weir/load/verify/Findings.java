package io.weir.load.verify;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What was found in one place of the writes that were acknowledged. Safe for any number of threads.
 */
public final class Findings {

  private static final int MOST_EXAMPLES = 5;

  private final String place;
  private final WriteLog log;
  private final BitSet wrong = new BitSet();
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
  private final List<String> examples = new ArrayList<>();

  /**
   * @param place where it was looked, such as "in the caches"
   */
  Findings(String place, WriteLog log) {
    this.place = place;
    this.log = log;
  }

  /** Adds what was found of a key. */
  synchronized void add(int key, Verdict verdict) {
    counts.merge(verdict, 1, Integer::sum);
    if (!verdict.isWrong()) {
      return;
    }
    wrong.set(key);
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(log.keys().key(key) + " (" + verdict + ")");
    }
  }

  /** Keys whose last acknowledged write is not there, by number. */
  public synchronized BitSet wrong() {
    return (BitSet) wrong.clone();
  }

  /** In a line, such as "in the caches: 2 missing, 1 stale, such as load:5 (missing)". */
  public synchronized String describe() {
    StringJoiner line = new StringJoiner(", ", place + ": ", "");
    counts.forEach((verdict, count) -> {
      if (verdict != Verdict.UNTOUCHED) {
        line.add(String.format(Locale.ROOT, "%,d %s", count, verdict));
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

  /** As a document. */
  public synchronized Map<String, Object> document(String file) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("file", file);
    document.put("place", place);
    counts.forEach((verdict, count) -> document.put(verdict.toString(), count));
    document.put("examples", List.copyOf(examples));
    return document;
  }
}
