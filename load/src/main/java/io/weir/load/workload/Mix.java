package io.weir.load.workload;

import java.util.Locale;

/**
 * The shares of the operations; they sum to 1.
 *
 * @param reads share of {@link Operation#READ}, and so on
 */
public record Mix(
    double reads, double updates, double inserts, double deletes, double readModifyWrites) {

  /** Sums as far from 1 are rounding: the shares are decimal fractions. */
  private static final double ROUNDING = 1e-6;

  /** Rejects shares that are none, naming the command line's options. */
  public Mix {
    check("--reads", reads);
    check("--updates", updates);
    check("--inserts", inserts);
    check("--deletes", deletes);
    check("--read-modify-write", readModifyWrites);
    double sum = reads + updates + inserts + deletes + readModifyWrites;
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the shares of operations must sum to 1, got %s: --reads %s, --updates %s, --inserts"
                  + " %s, --deletes %s, --read-modify-write %s",
              Math.round(sum * 1e6) / 1e6,
              reads,
              updates,
              inserts,
              deletes,
              readModifyWrites));
    }
  }

  private static void check(String option, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(option + " is a share from 0 to 1, got " + share);
    }
  }

  /** Reads, and the rest updates. */
  public static Mix reading(double reads) {
    check("--reads", reads);
    return new Mix(reads, 1 - reads, 0, 0, 0);
  }

  /**
   * Returns the operation for a random number.
   *
   * @param random uniform in [0, 1)
   */
  public Operation at(double random) {
    double left = random - reads;
    if (left < 0) {
      return Operation.READ;
    }
    left -= updates;
    if (left < 0) {
      return Operation.UPDATE;
    }
    left -= inserts;
    if (left < 0) {
      return Operation.INSERT;
    }
    left -= deletes;
    if (left < 0) {
      return Operation.DELETE;
    }
    if (readModifyWrites > 0) {
      return Operation.READ_MODIFY_WRITE;
    }
    // The sum was short of 1 by rounding: the number belongs to the last share that is not 0.
    return deletes > 0
        ? Operation.DELETE
        : inserts > 0 ? Operation.INSERT : updates > 0 ? Operation.UPDATE : Operation.READ;
  }

  /** The shares that are not 0, such as "50% reads, 50% updates". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    add(text, reads, "reads");
    add(text, updates, "updates");
    add(text, inserts, "inserts");
    add(text, deletes, "deletes");
    add(text, readModifyWrites, "read-modify-writes");
    return text.toString();
  }

  private static void add(StringBuilder text, double share, String name) {
    if (share > 0) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(String.format(Locale.ROOT, "%s%% %s", trimmed(share * 100), name));
    }
  }

  private static String trimmed(double number) {
    double rounded = Math.round(number * 100) / 100.0;
    return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
  }
}
