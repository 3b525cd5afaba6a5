package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.store.BackingStore;
import org.jspecify.annotations.Nullable;

/**
 * How many rows one statement reads: as many as {@link BackingStore#MOST_BYTES} have room for twice
 * over, by the mean of the values that were loaded of late. So few of them are too large for their
 * share, and have to be read again alone.
 *
 * <p><b>Concurrency.</b> The mean is one volatile field; a value that is lost between two that are
 * counted at once does not matter.
 */
final class LoadSize {

  /** A value is counted with this part of the mean. */
  private static final int MEMORY = 16;

  private volatile double meanBytes;

  /** Counts a value; null for an absent key. */
  void loaded(@Nullable Value value) {
    int bytes = value == null ? 0 : value.bytes().length;
    double mean = meanBytes;
    meanBytes = mean + (bytes - mean) / MEMORY;
  }

  /** Counts a value that was too large for its share of a statement of so many keys. */
  void leftOut(int keys) {
    double mean = meanBytes;
    meanBytes = mean + (2.0 * BackingStore.MOST_BYTES / keys - mean) / MEMORY;
  }

  /** Most keys of the next statement; at least 1. */
  int keys() {
    double most = BackingStore.MOST_BYTES / (2 * (meanBytes + 1));
    return (int) Math.clamp(most, 1, BackingStore.MOST_KEYS);
  }
}
