package io.weir.cli.operate;

import org.jspecify.annotations.Nullable;

/**
 * Whether the lines that came are all that were exported. Several exports may come one after the
 * other; each ends with its own {@link EndLine}. Lines of discarded rows need none: each was on the
 * disk before the next was written. Used by one thread.
 */
final class Completeness {

  private long sinceEnd;
  private boolean hasCome;
  private @Nullable String fault;

  void entry() {
    sinceEnd++;
  }

  void discarded() {
    hasCome = true;
  }

  void end(long number, EndLine line) {
    if (line.entries() != sinceEnd && fault == null) {
      fault =
          "line "
              + number
              + " says that the export has "
              + Figures.count(line.entries())
              + " entries, and "
              + Figures.count(sinceEnd)
              + " came";
    }
    sinceEnd = 0;
    hasCome = true;
  }

  /** After the last line: what shows that lines are missing; null when none are. */
  @Nullable String fault() {
    if (fault == null && (sinceEnd > 0 || !hasCome)) {
      return "the export was cut off: its last line, which says that it is whole, did not come";
    }
    return fault;
  }
}
