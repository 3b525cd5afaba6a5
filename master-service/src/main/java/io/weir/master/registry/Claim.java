package io.weir.master.registry;

import java.util.Comparator;

/**
 * What a leader's claim weighs: the larger generation wins, and within one the larger term.
 *
 * @param generation how often the shard's group was founded anew
 * @param term grows with every change of leader
 */
public record Claim(long generation, long term) implements Comparable<Claim> {

  /** The weight of a shard that nobody has led yet. */
  public static final Claim NONE = new Claim(0, 0);

  private static final Comparator<Claim> ORDER =
      Comparator.comparingLong(Claim::generation).thenComparingLong(Claim::term);

  @Override
  public int compareTo(Claim other) {
    return ORDER.compare(this, other);
  }

  /** The form that people read. */
  @Override
  public String toString() {
    return "generation " + generation + ", term " + term;
  }
}
