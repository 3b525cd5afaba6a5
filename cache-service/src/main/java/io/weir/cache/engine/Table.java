package io.weir.cache.engine;

import io.weir.cache.engine.DirtyLedger.Origin;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The resident entries: stripes by {@link io.weir.model.KeyHash}, under one bound of memory. What
 * is dirty of them is the {@link StripedDirtySet}'s.
 *
 * <p><b>Eviction.</b> The bound is the whole table's, so that one large value fits a small cache.
 * Room is made in the entry's own stripe, unless that holds less than its share, or the entry is
 * large for a share: then in the heavier of two stripes taken at random, an eighth of it at most,
 * and so on. So a large value does not cost its stripe what is hot there. With one stripe and
 * {@link EvictionPolicy#LRU} this is exact LRU.
 *
 * <p><b>Concurrency.</b> One stripe lock at a time, held for no longer than the change of one entry
 * and the evictions that it needs; all of them while a snapshot is installed. Room is never made
 * elsewhere while a lock is held.
 *
 * <p><b>Length.</b> More than 400 lines, since each operation on a key is here once, with the lock
 * and the load that it has to mind.
 */
final class Table {

  private static final int MAX_STRIPES = 1 << 14;

  /**
   * How often a write looks through all stripes in vain before the memory's bound yields. Entries
   * become clean and change hands while it looks, so that one look proves nothing.
   */
  private static final int MAX_VAIN_LOOKS = 16;

  private final List<Stripe> stripes;

  /** Those of the stripes: a hit looks at nothing else of one. */
  private final Reads[] reads;

  private final int shift;
  private final MemoryBound memory;
  private final Loads loads;
  private final DirtyStatistics.Counter dirty = new DirtyStatistics.Counter();

  /** Reads whose touch was lost. */
  private final LongAdder untouched = new LongAdder();

  /** No loaded row that is resident has a higher version. */
  private final AtomicLong highestLoaded = new AtomicLong();

  /** Whether writes may stay in memory alone. Read under a stripe's lock. */
  private volatile boolean memoryAllowed;

  Table(
      int stripes,
      TableLock kind,
      EvictionPolicy policy,
      MemoryBound memory,
      DirtyBudget budget,
      Backlog backlog,
      Loads loads) {
    if (stripes < 1 || stripes > MAX_STRIPES || Integer.bitCount(stripes) != 1) {
      throw new IllegalArgumentException(
          "the number of stripes is a power of two up to " + MAX_STRIPES + ", got " + stripes);
    }
    this.memory = memory;
    this.loads = loads;
    this.shift = Integer.SIZE - Integer.numberOfTrailingZeros(stripes);
    long share = stripes == 1 ? 0 : memory.maxBytes() / stripes;
    this.stripes =
        Stream.generate(() ->
                new Stripe(
                    kind,
                    new StripeMemory(memory, share),
                    budget,
                    backlog,
                    dirty,
                    untouched,
                    EvictionOrder.of(policy, memory)))
            .limit(stripes)
            .toList();
    this.reads = this.stripes.stream().map(Stripe::reads).toArray(Reads[]::new);
  }

  /** Counts the dirty entries of all stripes. */
  DirtyStatistics.Counter dirty() {
    return dirty;
  }

  /** Reads a key and counts it as used. Null when it is not resident. */
  @Nullable Entry read(Key key) {
    int hash = key.hashCode();
    return reads[indexOf(hash)].read(key, hash);
  }

  /** The same without waiting for anybody; null also where that would be needed. */
  @Nullable Entry tryRead(Key key) {
    int hash = key.hashCode();
    return reads[indexOf(hash)].tryRead(key, hash);
  }

  /** The same as of one moment between two changes under the stripe's lock. */
  @Nullable Entry readLocked(Key key) {
    int hash = key.hashCode();
    return reads[indexOf(hash)].readLocked(key, hash);
  }

  /** How many reads have found their key resident. */
  long hits() {
    long hits = untouched.sum();
    for (Stripe stripe : stripes) {
      hits += stripe.seen(s -> s.reads().count());
    }
    return hits;
  }

  /** Puts a committed write in, and detaches the key's load. Never waits and never fails. */
  void apply(Write write, long nowNanos) {
    var _ = put(write, Origin.JOURNAL, nowNanos);
  }

  /**
   * Puts a write in that no journal holds, and detaches the key's load. Never waits.
   *
   * @return false, having changed nothing, when it has to go through the journal: no write may stay
   *     in memory alone, or the key's newest version is journalled and not flushed, and its
   *     recovery would bring it back over this one
   */
  boolean applyToMemory(Write write, long nowNanos) {
    return put(write, Origin.MEMORY, nowNanos);
  }

  private boolean put(Write write, Origin origin, long nowNanos) {
    int hash = write.key().hashCode();
    Stripe stripe = stripe(hash);
    Room room = Room.SHARE;
    int vainLooks = 0;
    while (true) {
      Put put = tryPut(stripe, write, hash, origin, nowNanos, room);
      if (put != Put.NO_ROOM) {
        return put == Put.DONE;
      }
      if (evictAnywhere(missing(stripe, write, hash))) {
        room = Room.SHARE;
      } else {
        room = ++vainLooks < MAX_VAIN_LOOKS ? Room.STRIPE : Room.BEYOND;
      }
    }
  }

  private long missing(Stripe stripe, Write write, int hash) {
    int weight = Weights.ofDirty(write.key(), write.value());
    return memory.missing(weight - stripe.seen(s -> s.weight(write.key(), hash)));
  }

  private enum Put {
    DONE,
    NO_ROOM,
    NEEDS_JOURNAL
  }

  private Put tryPut(
      Stripe stripe, Write write, int hash, Origin origin, long nowNanos, Room room) {
    stripe.lock.writeLock().lock();
    try {
      stripe.applyTouches();
      if (origin == Origin.MEMORY
          && (!memoryAllowed || stripe.ledger().isJournalled(write.key(), hash))) {
        return Put.NEEDS_JOURNAL;
      }
      if (!stripe.apply(write, hash, origin, nowNanos, room)) {
        return Put.NO_ROOM;
      }
      loads.detach(write.key());
      return Put.DONE;
    } finally {
      stripe.lock.writeLock().unlock();
    }
  }

  /**
   * Lets writes stay in memory alone, or not. When this returns, no later write does what is
   * forbidden, and what earlier ones did is seen by whoever takes dirty entries from now on.
   */
  void allowMemory(boolean allowed) {
    memoryAllowed = allowed;
    for (Stripe stripe : stripes) {
      stripe.change(s -> {}); // A write that still read the old value holds its stripe's lock.
    }
  }

  /** Detaches every load in flight, so that none of their rows is kept. */
  void detachLoads() {
    loads.detachAll();
  }

  /**
   * Drops every clean entry, and detaches every load in flight: again at the end, since one that
   * came meanwhile may have found what was then dropped.
   */
  void dropClean() {
    loads.detachAll();
    for (Stripe stripe : stripes) {
      stripe.change(Stripe::dropClean);
    }
    loads.detachAll();
  }

  /**
   * Drops the clean entries above a version, and detaches every load in flight: what this server
   * has loaded and not yet judged, since it did not lead.
   */
  void dropCleanAbove(long version) {
    loads.detachAll();
    if (highestLoaded.get() > version) {
      highestLoaded.set(version);
      for (Stripe stripe : stripes) {
        stripe.change(s -> s.dropCleanAbove(version));
      }
      loads.detachAll(); // As in dropClean.
    }
  }

  /**
   * Replaces everything by dirty entries, at once: whoever reads meanwhile waits. A load that is in
   * flight is detached first, since its row may be older than a flush that the new entries know to
   * have happened; a load that begins now reads a newer row.
   */
  void replaceAll(List<Write> dirty, long nowNanos) {
    // The only place where more than one stripe is locked: ascending, and nothing else is held.
    for (Stripe stripe : stripes) {
      stripe.lock.writeLock().lock();
    }
    for (Stripe stripe : stripes) {
      stripe.beginRebuild(); // All of them, before one is changed.
    }
    try {
      loads.detachAll();
      for (Stripe stripe : stripes) {
        stripe.applyTouches();
        stripe.clear();
      }
      for (Write write : dirty) {
        int hash = write.key().hashCode();
        stripe(hash).apply(write, hash, Origin.JOURNAL, nowNanos, Room.BEYOND);
      }
    } finally {
      for (Stripe stripe : stripes) {
        stripe.endRebuild();
      }
      for (Stripe stripe : stripes) {
        stripe.lock.writeLock().unlock();
      }
    }
  }

  /**
   * Completes a load: puts its row in as a clean entry, unless the key was written meanwhile.
   *
   * @return what the key holds, and whether it is resident now
   */
  Installed install(Key key, Loads.Load load, Versioned row) {
    int hash = key.hashCode();
    Stripe stripe = stripe(hash);
    noteLoaded(row.version().value());
    Entry entry = Entry.of(key, row.value(), row.version().value());
    // What the memory can never hold must not empty it first.
    boolean fits = entry.weight() <= memory.maxBytes();
    for (Room room = Room.SHARE; ; ) {
      stripe.lock.writeLock().lock();
      try {
        stripe.applyTouches();
        Entry resident = stripe.peek(key, hash);
        boolean attached = loads.isAttached(key, load);
        if (resident != null || !attached) {
          // Not attached and not resident: written, flushed and evicted since the row was read.
          loads.detach(key, load);
          return new Installed(resident != null ? resident : row, resident != null);
        }
        boolean installed = fits && stripe.install(entry, hash, room);
        if (installed || !fits || room == Room.STRIPE) {
          loads.detach(key, load);
          return new Installed(row, installed);
        }
      } finally {
        stripe.lock.writeLock().unlock();
      }
      if (!evictAnywhere(memory.missing(entry.weight()))) {
        room = Room.STRIPE;
      }
    }
  }

  /** Before the look whether the load is attached, so that who detaches it first sees this. */
  private void noteLoaded(long version) {
    if (version > highestLoaded.get()) {
      highestLoaded.accumulateAndGet(version, Math::max);
    }
  }

  /** What a completed load found. */
  record Installed(Versioned what, boolean resident) {}

  /** The bytes of the dirty budget that a write of a key gives back; 0 for a key that is clean. */
  long replaceableBytes(Key key) {
    return stripe(key).seen(stripe -> stripe.ledger().replaceableBytes(key));
  }

  /** Bytes that a key's entry is counted with; 0 when it is not resident. */
  int weight(Key key) {
    int hash = key.hashCode();
    return stripe(hash).seen(stripe -> stripe.weight(key, hash));
  }

  /** Reads a key without counting it as used. Null when it is not resident. */
  @Nullable Entry peek(Key key) {
    int hash = key.hashCode();
    return stripe(hash).<@Nullable Entry>seen(stripe -> stripe.peek(key, hash));
  }

  /** Counts a key as used, if it is resident, and not as read. */
  void use(Key key) {
    int hash = key.hashCode();
    stripe(hash).change(stripe -> stripe.use(key, hash));
  }

  /** Whether a key is resident and clean. */
  boolean isClean(Key key) {
    return stripe(key).seen(stripe -> stripe.isClean(key));
  }

  /**
   * Drops a clean entry, and detaches the key's load, so that the next read asks the database: what
   * a load finds that has begun before may be older than what the reader has heard of.
   */
  void drop(Key key) {
    stripe(key)
        .change(stripe -> {
          loads.detach(key);
          stripe.drop(key);
        });
  }

  /** The database holds a version of a key now. */
  void flushed(Key key, long version) {
    int hash = key.hashCode();
    stripe(hash).change(stripe -> stripe.flushed(key, hash, version));
  }

  /** The operator has given a version of a key up. */
  void discard(Key key, long version) {
    stripe(key)
        .change(stripe -> {
          loads.detach(key);
          stripe.discard(key, version);
        });
  }

  /**
   * Evicts from a stripe that has more than its share, or from any: so many bytes, or a part of
   * that, or one entry. False when all is dirty.
   */
  private boolean evictAnywhere(long wanted) {
    int mask = stripes.size() - 1;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int from = random.nextInt();
    Stripe one = stripes.get(from & mask);
    Stripe other = stripes.get(random.nextInt() & mask);
    Stripe heavier = one.bytes() >= other.bytes() ? one : other;
    if (heavier.changed(stripe -> stripe.evict(wanted))) {
      return true;
    }
    for (int i = 0; i <= mask; i++) {
      if (stripes.get((from + i) & mask).changed(stripe -> stripe.evict(wanted))) {
        return true;
      }
    }
    return false;
  }

  /** All stripes; as many as a power of two. */
  List<Stripe> stripes() {
    return stripes;
  }

  /** The stripe that a key belongs to. */
  Stripe stripe(Key key) {
    return stripe(key.hashCode());
  }

  private Stripe stripe(int hash) {
    return stripes.get(indexOf(hash));
  }

  /** The high bits choose the stripe and the low ones the bucket. */
  private int indexOf(int hash) {
    return reads.length == 1 ? 0 : hash >>> shift; // A shift of 32 would shift by 0.
  }
}
