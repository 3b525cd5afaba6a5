package io.weir.cache.server;

import io.weir.cache.engine.HeapLayout;
import io.weir.model.ByteSize;
import io.weir.web.StartupRefusedException;

/**
 * Whether the table, and a value of the largest size, fit into what there is for them. A server
 * that could never hold what its settings allow does not start: it would end by an OutOfMemoryError
 * when the table is full.
 *
 * @param heapBytes most bytes that the heap may have
 */
record HeapRoom(long heapBytes, HeapLayout layout) {

  /** What the server takes besides: its own objects, requests and the journal's buffers. */
  private static final long BESIDES = ByteSize.ofMiB(100).bytes();

  /** Of the table, what a collector needs at least to work with: an eighth. */
  private static final int SHARE_TO_COLLECT = 8;

  private static final int VALUES_THAT_FIT = 2;

  /** More than an entry takes besides its value. */
  private static final long OF_AN_ENTRY = 2048;

  /** The room in the VM that this runs in. */
  static HeapRoom ofThisVm() {
    return new HeapRoom(Runtime.getRuntime().maxMemory(), HeapLayout.ofThisVm());
  }

  /**
   * Refuses a table that the heap cannot hold.
   *
   * @throws StartupRefusedException with the sentence
   */
  void requireTable(ByteSize maxBytes) {
    long table = maxBytes.bytes();
    if (table + table / SHARE_TO_COLLECT + BESIDES > heapBytes) {
      long fits = (heapBytes - BESIDES) / (SHARE_TO_COLLECT + 1) * SHARE_TO_COLLECT;
      throw new StartupRefusedException(
          "weir.cache.max-bytes is "
              + maxBytes
              + ", which does not fit into a heap of "
              + mebibytes(heapBytes)
              + " MiB beside the server's own 100 MiB: give the JVM more, -Xmx"
              + mebibytes((table + BESIDES) * 3 / 2)
              + "m say, or set "
              + (mebibytes(fits) > 0 ? mebibytes(fits) + "MiB at most" : "a smaller size"));
    }
  }

  /**
   * Refuses values that do not fit into what may be dirty.
   *
   * @throws StartupRefusedException with the sentence
   */
  void requireValue(ByteSize maxValueSize, long maxDirtyBytes, String howMuchThatIs) {
    if (maxDirtyBytes < VALUES_THAT_FIT * maxValueSize.bytes()) {
      throw new StartupRefusedException(
          "weir.max-value-size is "
              + maxValueSize
              + ", it must be at most half of what may be dirty, which is "
              + howMuchThatIs);
    }
    long taken = layout.ofArray(maxValueSize.bytes()) + OF_AN_ENTRY;
    if (maxDirtyBytes < taken) {
      throw new StartupRefusedException(
          "weir.max-value-size is "
              + maxValueSize
              + ", which takes "
              + taken
              + " bytes of a heap whose regions have "
              + layout.regionBytes()
              + ", more than what may be dirty, "
              + howMuchThatIs
              + "; larger regions, -XX:G1HeapRegionSize, waste less");
    }
  }

  private static long mebibytes(long bytes) {
    return Math.max(0, bytes) >> 20;
  }
}
