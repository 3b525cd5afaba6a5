package io.weir.cache.engine;

import io.weir.model.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stripe's entries by key: a hash table whose buckets are chained through the entries themselves.
 * It grows, and never shrinks.
 *
 * <p><b>Concurrency.</b> Changed under the stripe's write lock, and read under either lock, or
 * under none. A walk without a lock is right because of these:
 *
 * <ol>
 *   <li>Each change of a chain is one release store, read by acquire. So the walk sees the changes
 *       in their order: what it reads after one is not older than that.
 *   <li>An entry that leaves keeps its own chain. By induction each entry that the walk reaches was
 *       in the table at some moment after the walk began: what follows it was so when the two were
 *       last linked, which is now, or the moment at which the first of them left.
 *   <li>New entries come to the head, and one that replaces another stands where that stood, from
 *       one store on. So an entry that is there all the time is ahead of the walk until it is met,
 *       in one version or another. If none is met, there was none at some moment.
 *   <li>A rebuild moves entries between chains, or changes many stripes as one. {@link #stamp} is
 *       odd for as long. A walk whose stamp was odd, or is another afterwards, counts for nothing.
 * </ol>
 */
final class Buckets {

  private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(Entry[].class);
  private static final int INITIAL_LENGTH = 16;

  /** Of a length that is a power of two, and not below the number of entries. */
  private volatile @Nullable Entry[] heads;

  private volatile int stamp;

  /** Rebuilds that have begun and not ended, one within the other. */
  private int rebuilding;

  private int size;

  Buckets() {
    this(INITIAL_LENGTH);
  }

  /** With so many buckets at first, a power of two: a test has few, so that they soon grow. */
  Buckets(int length) {
    this.heads = new @Nullable Entry[length];
  }

  @Nullable Entry find(Key key) {
    return find(key, key.hashCode());
  }

  /** Finds a key whose hash is known already. Without a lock, see {@link #stamp}. */
  @Nullable Entry find(Key key, int hash) {
    @Nullable Entry[] now = heads;
    Entry entry = head(now, hash);
    while (entry != null && !entry.isOf(key)) {
      entry = entry.chain();
    }
    return entry;
  }

  /** What to ask for before a walk without a lock, for {@link #isAsOf} after it. */
  int stamp() {
    return stamp;
  }

  /** Whether a walk counts that began with a stamp, and has ended. */
  boolean isAsOf(int before) {
    return (before & 1) == 0 && stamp == before;
  }

  /** From here on no walk without a lock counts. */
  void beginRebuild() {
    if (rebuilding++ == 0) {
      turn();
    }
  }

  /** What was begun last is done. */
  void endRebuild() {
    if (--rebuilding == 0) {
      turn();
    }
  }

  private void turn() {
    int next = stamp + 1; // One thread at a time.
    stamp = next;
  }

  /** Hands over every entry; none may be added or removed meanwhile. */
  void forEach(Consumer<Entry> consumer) {
    for (Entry head : heads) {
      for (Entry entry = head; entry != null; entry = entry.chain()) {
        consumer.accept(entry);
      }
    }
  }

  /** Removes all entries, in a rebuild. */
  void clear() {
    heads = new @Nullable Entry[INITIAL_LENGTH];
    size = 0;
  }

  /** Puts in an entry whose key is not there. */
  void add(Entry entry, int hash) {
    if (size >= heads.length) {
      grow();
    }
    @Nullable Entry[] now = heads;
    entry.chainTo(head(now, hash));
    setHead(now, hash, entry);
    size++;
  }

  /** Removes an entry that is there. */
  void remove(Entry entry) {
    link(entry, entry.keyHash(), entry.chain());
    size--;
  }

  /** Puts an entry in the place of one that is there, of the same key. */
  void replace(Entry entry, Entry replacement, int hash) {
    replacement.chainTo(entry.chain());
    link(entry, hash, replacement);
  }

  /** Links what leads to an entry to another. */
  private void link(Entry entry, int hash, @Nullable Entry next) {
    @Nullable Entry[] now = heads;
    Entry previous = null;
    for (Entry e = head(now, hash); e != null && e != entry; e = e.chain()) {
      previous = e;
    }
    if (previous == null) {
      setHead(now, hash, next);
    } else {
      previous.chainTo(next);
    }
  }

  private void grow() {
    beginRebuild();
    @Nullable Entry[] from = heads;
    @Nullable Entry[] grown = new @Nullable Entry[from.length * 2];
    for (Entry head : from) {
      for (Entry entry = head; entry != null; ) {
        Entry next = entry.chain();
        int hash = entry.keyHash();
        entry.chainTo(head(grown, hash));
        setHead(grown, hash, entry);
        entry = next;
      }
    }
    heads = grown;
    endRebuild();
  }

  private static @Nullable Entry head(@Nullable Entry[] heads, int hash) {
    return (Entry) HEAD.getAcquire(heads, hash & (heads.length - 1));
  }

  private static void setHead(@Nullable Entry[] heads, int hash, @Nullable Entry entry) {
    HEAD.setRelease(heads, hash & (heads.length - 1), entry);
  }
}
