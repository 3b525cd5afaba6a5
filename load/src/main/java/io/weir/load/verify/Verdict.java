package io.weir.load.verify;

import java.util.Locale;

/** What a value read back says about the writes that were acknowledged. */
public enum Verdict {
  /** Nothing is known of this key; there is nothing to check. */
  UNTOUCHED,
  /** A value that had to be there, or might. */
  INTACT,
  /** There is no value, though one was acknowledged. */
  MISSING,
  /** An older write than one that was known to be there. */
  STALE,
  /** Damaged, or the value of another key, or one that was never written. */
  CORRUPT;

  /** Tells whether the cache has failed. */
  public boolean isWrong() {
    return this != UNTOUCHED && this != INTACT;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
