package io.weir.cache.engine;

import io.weir.model.Key;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stripe's entries by key: a hash table whose buckets are chained through the entries themselves.
 * It grows, and never shrinks. Guarded by the stripe's lock: read under either, changed under the
 * write lock.
 */
final class Buckets {

  private static final int INITIAL_LENGTH = 16;

  private final KeyHash.Seed seed;

  /** Of a length that is a power of two, and at least a third more than the entries. */
  private @Nullable Entry[] heads = new @Nullable Entry[INITIAL_LENGTH];

  private int size;

  /**
   * @param seed of the hash that the table has by the same seed
   */
  Buckets(KeyHash.Seed seed) {
    this.seed = seed;
  }

  @Nullable Entry find(Key key) {
    return find(key, hash(key));
  }

  /** Finds a key whose hash is known already. */
  @Nullable Entry find(Key key, int hash) {
    Entry entry = heads[hash & (heads.length - 1)];
    while (entry != null && !(entry.hash == hash && entry.key.equals(key))) {
      entry = entry.chain;
    }
    return entry;
  }

  /** The hash that {@link #find} and {@link #add} go by. */
  int hash(Key key) {
    return KeyHash.hash(seed, key.bytes(), 0, key.length());
  }

  /** Hands over every entry; none may be added or removed meanwhile. */
  void forEach(Consumer<Entry> consumer) {
    for (Entry head : heads) {
      for (Entry entry = head; entry != null; entry = entry.chain) {
        consumer.accept(entry);
      }
    }
  }

  /** Removes all entries. */
  void clear() {
    heads = new @Nullable Entry[INITIAL_LENGTH];
    size = 0;
  }

  /** Puts in an entry whose key is not there. */
  void add(Entry entry, int hash) {
    if (size >= heads.length - (heads.length >> 2)) {
      grow();
    }
    entry.hash = hash;
    int bucket = entry.hash & (heads.length - 1);
    entry.chain = heads[bucket];
    heads[bucket] = entry;
    size++;
  }

  /** Removes an entry that is there. */
  void remove(Entry entry) {
    int bucket = entry.hash & (heads.length - 1);
    Entry previous = null;
    for (Entry e = heads[bucket]; e != null && e != entry; e = e.chain) {
      previous = e;
    }
    if (previous == null) {
      heads[bucket] = entry.chain;
    } else {
      previous.chain = entry.chain;
    }
    entry.chain = null;
    size--;
  }

  private void grow() {
    @Nullable Entry[] grown = new @Nullable Entry[heads.length * 2];
    for (Entry head : heads) {
      for (Entry entry = head; entry != null; ) {
        Entry next = entry.chain;
        int bucket = entry.hash & (grown.length - 1);
        entry.chain = grown[bucket];
        grown[bucket] = entry;
        entry = next;
      }
    }
    heads = grown;
  }
}
