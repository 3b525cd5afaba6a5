package io.weir.cache.journal.raft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a log, and which entries it has: those from the first index up to the one before
 * the next. Frames change it, in the same way when they are written and when they are read at the
 * start.
 *
 * <p><b>Concurrency.</b> Changed by one thread, under the write lock, once the frame is on disk;
 * that thread itself may look without a lock. Entries are read by any thread, which holds the read
 * lock from looking where one is until it has the bytes. A segment is taken out under the write
 * lock before its file is used anew, so nobody reads it by then.
 *
 * <p><b>Invariant.</b> The bases of the segments do not fall, so that the last one whose base is
 * not above an index is the only one that may hold it.
 */
final class SegmentIndex {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final List<Segment> segments = new ArrayList<>();
  private long first;
  private long next;

  /** Entries from the first up to this one, exclusively, are in segments that were not there. */
  private long missing;

  private boolean closed;

  /** An index of a log that has these entries, in segments that are not known. */
  SegmentIndex(long first, long next) {
    this.first = first;
    this.next = next;
    missing = next;
  }

  void add(Segment segment) {
    changed(() -> segments.add(segment));
  }

  /** The segment that frames are written to. */
  Segment active() {
    return segments.getLast();
  }

  long first() {
    return read(() -> first);
  }

  /** The index that follows the last entry's. */
  long next() {
    return read(() -> next);
  }

  /** The index of the last entry; 0 when there is none. */
  long last() {
    return read(() -> next == first ? 0 : next - 1);
  }

  /** Whether every entry is in a segment that is known. */
  boolean isWhole() {
    return read(() -> next == first || first >= missing);
  }

  /**
   * Entries follow in the active segment. An empty log may begin above its first index: after a
   * snapshot.
   */
  void appended(long index, int offset, int[] entryLengths) {
    requireNext(index, entryLengths.length);
    changed(() -> {
      if (first == next) {
        first = index;
        missing = index;
      }
      Segment segment = segments.getLast();
      int at = offset;
      for (int i = 0; i < entryLengths.length; i++) {
        segment.add(index + i, at, entryLengths[i]);
        at += entryLengths[i];
      }
      next = index + entryLengths.length;
    });
  }

  /**
   * @throws IllegalStateException when no entry with that index can come next
   */
  void requireNext(long index, int count) {
    if (index < next || (index > next && next > first) || index <= 0 || count <= 0) {
      throw new IllegalStateException(
          count
              + " entries from "
              + index
              + " on do not follow those from "
              + first
              + " up to "
              + (next - 1));
    }
  }

  /** Drops the entries below an index. */
  void keepFrom(long index) {
    changed(() -> {
      first = Math.max(first, index);
      if (first >= next) {
        begin(first);
      }
    });
  }

  /** Drops the entries from an index on. */
  void keepBelow(long index) {
    requireKeptBelow(index);
    changed(() -> {
      segments.forEach(segment -> segment.keepBelow(index));
      next = Math.min(next, index);
      missing = Math.min(missing, index);
    });
  }

  /**
   * @throws IllegalStateException when the log begins after the index
   */
  void requireKeptBelow(long index) {
    if (index < first) {
      throw new IllegalStateException(
          "a log that begins with " + first + " cannot be cut before " + index);
    }
  }

  /** Drops all entries; the next one has an index. */
  void restart(long index) {
    changed(() -> begin(index));
  }

  private void begin(long index) {
    first = index;
    next = index;
    missing = index;
    segments.forEach(segment -> segment.clear(index));
  }

  /** Takes out the segments before the one that the log begins in, the oldest first. */
  List<Segment> takeUnused() {
    List<Segment> unused = new ArrayList<>();
    changed(() -> {
      while (segments.size() > 1 && (first == next || !segments.getFirst().holds(first))) {
        unused.add(segments.removeFirst());
      }
    });
    return unused;
  }

  /**
   * Reads an entry's bytes; null when the log does not have it.
   *
   * @throws IllegalStateException when the log is closed
   */
  byte @Nullable [] entry(long index) throws IOException {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the log is closed");
      }
      return index < first || index >= next ? null : segmentOf(index).read(index);
    } finally {
      lock.readLock().unlock();
    }
  }

  private Segment segmentOf(long index) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).base() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    Segment segment = segments.get(low);
    if (!segment.holds(index)) {
      throw new IllegalStateException("no segment of the log holds its entry " + index);
    }
    return segment;
  }

  void close() throws IOException {
    lock.writeLock().lock();
    try {
      closed = true;
      for (Segment segment : segments) {
        segment.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void changed(Runnable change) {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private <T> T read(Supplier<T> value) {
    lock.readLock().lock();
    try {
      return value.get();
    } finally {
      lock.readLock().unlock();
    }
  }
}
