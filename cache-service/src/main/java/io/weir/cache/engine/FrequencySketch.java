package io.weir.cache.engine;

/**
 * How often keys were used lately, by their hashes: a count-min sketch (Cormode and Muthukrishnan,
 * 2005) of 4-bit counters with the ageing of TinyLFU (Einziger, Friedman and Manes, 2017).
 *
 * <p>A key has four counters. A use increments the lowest of them, and the lowest is the estimate:
 * it is never below the uses since the last ageing, up to {@value #MOST}, and above them only where
 * each of the four is shared with other keys. After {@value #USES_A_KEY} uses for every key that
 * there is room for, all counters are halved, so that what was popular once fades.
 *
 * <p><b>Layout.</b> A block is of eight words, 64 bytes, which is a cache line of most processors.
 * A key's hash says in which block all of its counters are, and which of the 32 counters in each
 * quarter of it. There is a block for {@value #KEYS_A_BLOCK} keys: 4 bytes a key when it is full, 8
 * after it has grown. When it doubles, both halves begin as what there was, so that no estimate
 * changes.
 *
 * <p><b>Trust.</b> The hashes are {@link io.weir.model.KeyHash}'s, so that clients cannot choose
 * keys that share counters.
 */
final class FrequencySketch {

  /** Highest estimate. */
  static final int MOST = 15;

  static final int KEYS_A_BLOCK = 16;
  static final int USES_A_KEY = 10;

  private static final int FIRST_BLOCKS = 4;
  private static final int MOST_BLOCKS = 1 << 24;
  private static final int WORDS_A_BLOCK = 8;
  private static final int ROWS = 4;
  private static final int WORDS_A_ROW = WORDS_A_BLOCK / ROWS;
  private static final int COUNTERS_A_ROW_BITS = 5;
  private static final int COUNTER_BITS = 4;
  private static final int COUNTERS_A_WORD = Long.SIZE / COUNTER_BITS;

  /** All bits but each counter's highest. */
  private static final long HALVES = 0x7777_7777_7777_7777L;

  /** Odd constants of the mixing: from the golden ratio, and of SplitMix64. */
  private static final long MIX_1 = 0x9e37_79b9_7f4a_7c15L;

  private static final long MIX_2 = 0xbf58_476d_1ce4_e5b9L;

  private long[] words = new long[FIRST_BLOCKS * WORDS_A_BLOCK];

  /** Since the last ageing; half of those before it count too. */
  private long uses;

  /** Bytes of the counters. */
  long bytes() {
    return (long) words.length * Long.BYTES;
  }

  /** Whether so many keys are more than it has counters for, and it can grow. */
  boolean isShortOfRoom(int keys) {
    return keys > roomFor() && blocks() < MOST_BLOCKS;
  }

  /** Doubles the counters. */
  void grow() {
    long[] grown = new long[words.length * 2];
    System.arraycopy(words, 0, grown, 0, words.length);
    System.arraycopy(words, 0, grown, words.length, words.length);
    words = grown;
  }

  /** Counts a use of a key. */
  void increment(int hash) {
    long mixed = mix(hash);
    int lowest = lowest(mixed);
    if (lowest == MOST) {
      return;
    }
    for (int row = 0; row < ROWS; row++) {
      int word = word(mixed, row);
      int shift = shift(mixed, row);
      if (counter(words[word], shift) == lowest) {
        words[word] += 1L << shift;
      }
    }
    if (++uses >= (long) USES_A_KEY * roomFor()) {
      age();
    }
  }

  /** How often a key was used, as far as is known. */
  int frequency(int hash) {
    return lowest(mix(hash));
  }

  private void age() {
    for (int i = 0; i < words.length; i++) {
      words[i] = (words[i] >>> 1) & HALVES;
    }
    uses /= 2;
  }

  private long roomFor() {
    return (long) blocks() * KEYS_A_BLOCK;
  }

  private int blocks() {
    return words.length / WORDS_A_BLOCK;
  }

  private int lowest(long mixed) {
    int lowest = MOST;
    for (int row = 0; row < ROWS; row++) {
      lowest = Math.min(lowest, counter(words[word(mixed, row)], shift(mixed, row)));
    }
    return lowest;
  }

  private static int counter(long word, int shift) {
    return (int) (word >>> shift) & MOST;
  }

  /** The high 24 bits say the block, and of those below five a row the counter. */
  private static long mix(int hash) {
    long mixed = hash * MIX_1;
    mixed ^= mixed >>> Integer.SIZE;
    return mixed * MIX_2;
  }

  private int word(long mixed, int row) {
    int block = (int) (mixed >>> 40) & (blocks() - 1);
    return block * WORDS_A_BLOCK + row * WORDS_A_ROW + index(mixed, row) / COUNTERS_A_WORD;
  }

  private static int shift(long mixed, int row) {
    return index(mixed, row) % COUNTERS_A_WORD * COUNTER_BITS;
  }

  private static int index(long mixed, int row) {
    return (int) (mixed >>> (20 + COUNTERS_A_ROW_BITS * row)) & ((1 << COUNTERS_A_ROW_BITS) - 1);
  }
}
