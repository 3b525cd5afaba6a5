package io.weir.cache.engine;

import io.weir.cache.engine.DirtyLedger.Origin;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One part of the table: a hash table with chained buckets, its lock, its recency list and the
 * ledger of its dirty entries.
 *
 * <p><b>Example.</b> A key is put, and put again while a flush carries its first version. The
 * columns are the fields of its {@link Entry} and {@link Dirt}:
 *
 * <pre>
 *                                version  queued  flushingVersion  the key is
 *   put k = "a", version 1       1        true    0                dirty
 *   take into a flush            1        false   1                flushing
 *   put k = "b", version 2       2        true    1                flushing at 1, dirty at 2
 *   Flushed(k, 1)                2        true    0                still dirty
 *   take into a flush            2        false   2                flushing
 *   Flushed(k, 2)                2        no dirt                  clean
 * </pre>
 *
 * <p>Had the first flush failed instead, giving version 1 back would have found it replaced: the
 * key would be dirty at version 2, since the moment of the first put. Without the second put, the
 * acknowledgement of version 1 would have made the key clean.
 *
 * <p><b>What is dirty</b> is for the log to say, and for what is written to memory alone: a loaded
 * row is never in the way of a write, be its version the higher one. A replica may have loaded a
 * row that its log has not reached, and what it saw there the database has not yet acknowledged to
 * the leader. Or somebody else has written the row. So a write is passed over for one reason: a
 * newer write of its key is dirty, and contains it. None that was acknowledged is lost here.
 *
 * <p><b>Leaving.</b> An entry is <i>evicted</i> for room, <i>dropped</i> because the database may
 * know better, or <i>discarded</i> because the operator has given its version up. The first two
 * happen to clean entries only. Each ends in {@link #remove}.
 *
 * <p><b>Eviction.</b> The victim is the coldest entry. A dirty one cannot leave: it is
 * <i>parked</i> in a list of its own, from which the write-back takes first, and the next coldest
 * is looked at. When the database acknowledges it, it comes back into the recency list where it
 * stands by its last use; a touch brings it back at the hot end. So every entry is passed over at
 * most once a touch, however much is dirty, and the victim is always the least recently used clean
 * entry.
 *
 * <p><b>Concurrency.</b> Everything is guarded by {@link #lock}. A read takes the read lock and
 * records its touch in a lossy buffer; whoever takes the write lock next applies the touches first,
 * in order. One thread alone never loses a touch: finding the buffer full it drains it itself. So
 * used by one thread the order is exact, and under contention readers never wait for each other.
 */
final class Stripe {

  final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** What is more than this part of a stripe makes its room in all of them. */
  private static final int SMALL_SHARE = 8;

  private final MemoryBound memory;

  /** Equal share of the memory for each stripe; 0 means that it always evicts its own entries. */
  private final long shareBytes;

  private final Buckets buckets;
  private final TouchBuffer touches = new TouchBuffer();
  private final DirtyLedger ledger;

  /** All entries but parked ones, and those that a flush or the quarantine has from there. */
  private final RecencyList recency = new RecencyList();

  /** Bytes of this stripe's entries. Written under the write lock, read without. */
  private final AtomicLong bytes = new AtomicLong();

  Stripe(
      KeyHash.Seed seed,
      MemoryBound memory,
      long shareBytes,
      DirtyBudget budget,
      Backlog backlog,
      DirtyStatistics.Counter dirty) {
    this.buckets = new Buckets(seed);
    this.memory = memory;
    this.shareBytes = shareBytes;
    this.ledger = new DirtyLedger(buckets, budget, backlog, dirty);
  }

  long bytes() {
    return bytes.get();
  }

  /** The account of its dirty entries. Under the lock that each of its methods names. */
  DirtyLedger ledger() {
    return ledger;
  }

  /** The entries that eviction looks at, coldest first. Under the write lock. */
  RecencyList recency() {
    return recency;
  }

  /** Changes this stripe under its write lock, once the touches that wait are applied. */
  <T> T changed(Function<Stripe, T> change) {
    lock.writeLock().lock();
    try {
      applyTouches();
      return change.apply(this);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** As {@link #changed}, with nothing to tell. */
  void change(Consumer<Stripe> change) {
    boolean _ =
        changed(stripe -> {
          change.accept(stripe);
          return true;
        });
  }

  /** Looks at this stripe under its read lock. */
  <T> T seen(Function<Stripe, T> look) {
    lock.readLock().lock();
    try {
      return look.apply(this);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Reads a key, whose hash is given, and touches it. Takes the read lock itself. */
  @Nullable Versioned read(Key key, int hash) {
    Versioned snapshot;
    boolean recorded;
    lock.readLock().lock();
    try {
      Entry entry = buckets.find(key, hash);
      if (entry == null) {
        return null;
      }
      snapshot = entry.snapshot();
      recorded = touches.record(entry);
    } finally {
      lock.readLock().unlock();
    }
    if (!recorded && lock.writeLock().tryLock()) {
      try {
        applyTouches();
        Entry entry = buckets.find(key, hash); // It may have left between the locks.
        if (entry != null) {
          recency.use(entry);
        }
      } finally {
        lock.writeLock().unlock();
      }
    }
    return snapshot;
  }

  /** Reads a key without touching it. Under either lock. */
  @Nullable Versioned peek(Key key) {
    Entry entry = find(key);
    return entry == null ? null : entry.snapshot();
  }

  /** Applies the touches that reads have recorded. First thing under every write lock. */
  void applyTouches() {
    touches.drain(recency::use);
  }

  /**
   * Puts a committed write in, evicting clean entries of this stripe for room. Under the write
   * lock.
   *
   * <p>Where the key is dirty, an older version changes nothing, nor does the same one: the log may
   * be applied again over a snapshot. Where it is clean, whatever version it is at, it becomes
   * dirty at this one: see <b>What is dirty</b>.
   *
   * @param origin the source of the write
   * @param room where room may be made
   * @return false when room is to be made elsewhere first; then nothing was changed
   */
  boolean apply(Write write, Origin origin, long nowNanos, Room room) {
    int hash = buckets.hash(write.key());
    Entry entry = buckets.find(write.key(), hash);
    if (entry != null) {
      if (entry.dirt != null && entry.version >= write.version().value()) {
        ledger.addAgain(entry, write, origin);
        return true;
      }
      recency.use(entry);
    }
    int weight = Weights.ofDirty(write.key(), write.value());
    if (!makeRoom(weight, entry, room)) {
      if (room != Room.BEYOND) {
        return false;
      }
      memory.charge(entry == null ? weight : weight - entry.weight, entry == null ? 1 : 0);
    }
    if (entry == null) {
      entry = new Entry(write.key(), write.value(), write.version().value(), weight);
      add(entry, hash);
    } else {
      bytes.addAndGet(weight - entry.weight);
      entry.weight = weight;
      entry.value = write.value();
      entry.version = write.version().value();
    }
    ledger.add(entry, origin, nowNanos);
    return true;
  }

  /**
   * Puts a loaded row in as a clean entry, evicting for room. Under the write lock; the key is not
   * resident.
   *
   * @param room where room may be made
   * @return false when there is no room; then nothing was put in
   */
  boolean install(Key key, Versioned row, Room room) {
    int weight = Weights.ofClean(key, row.value());
    if (!makeRoom(weight, null, room)) {
      return false;
    }
    add(new Entry(key, row.value(), row.version().value(), weight), buckets.hash(key));
    return true;
  }

  /** Drops a clean entry, so that the next read asks the database. Under the write lock. */
  void drop(Key key) {
    Entry entry = find(key);
    if (entry != null && entry.dirt == null) {
      remove(entry);
    }
  }

  /** Evicts the coldest clean entry. Under the write lock. Returns false when there is none. */
  boolean evictOne(@Nullable Entry spared) {
    for (Entry victim = recency.coldest(); victim != null; victim = recency.coldest()) {
      if (victim == spared) {
        return false;
      }
      if (victim.dirt == null) {
        remove(victim);
        memory.evicted();
        return true;
      }
      recency.remove(victim);
      ledger.park(victim);
    }
    return false;
  }

  /**
   * Evicts the coldest clean entries until so many bytes are free, or an eighth of the stripe's;
   * one at least. Under the write lock. Returns false when there is none.
   */
  boolean evict(long wanted) {
    long least = bytes.get() - Math.min(wanted, bytes.get() / SMALL_SHARE);
    if (!evictOne(null)) {
      return false;
    }
    while (bytes.get() > least && evictOne(null)) {
      // One lock for all of them.
    }
    return true;
  }

  /** Bytes that an entry is counted with; 0 for a key that is not resident. Under either lock. */
  int weight(Key key) {
    Entry entry = find(key);
    return entry == null ? 0 : entry.weight;
  }

  /** The database holds a version now. Under the write lock. */
  void flushed(Key key, long version) {
    Entry entry = find(key);
    if (entry == null) {
      return;
    }
    if (entry.version < version) {
      remove(entry); // A replay, of a log that does not hold a newer write made in memory alone.
      return;
    }
    if (ledger.flushed(entry, version)) {
      becameClean(entry);
    }
  }

  /**
   * Discards a version that the operator has given up, so that the next read asks the database.
   * Under the write lock.
   */
  void discard(Key key, long version) {
    Entry entry = find(key);
    if (entry == null || entry.version != version) {
      return; // Written again since.
    }
    remove(entry);
  }

  /** The clean entries that have a version, as writes. Under either lock. */
  List<Write> clean() {
    List<Write> clean = new ArrayList<>();
    for (Entry entry : entries()) {
      if (entry.dirt == null && entry.version > 0) {
        clean.add(new Write(entry.key, new Version(entry.version), entry.value));
      }
    }
    return clean;
  }

  /** Whether a key is resident and clean. Under either lock. */
  boolean isClean(Key key) {
    Entry entry = find(key);
    return entry != null && entry.dirt == null;
  }

  /** Whether a write is resident, clean, and its key's newest. Under either lock. */
  boolean isClean(Write write) {
    Entry entry = find(write.key());
    return entry != null && entry.dirt == null && entry.version == write.version().value();
  }

  /** Drops every clean entry. Under the write lock. */
  void dropClean() {
    for (Entry entry : entries()) {
      if (entry.dirt == null) {
        remove(entry);
      }
    }
  }

  /** Drops every clean entry above a version. Under the write lock. */
  void dropCleanAbove(long version) {
    for (Entry entry : entries()) {
      if (entry.dirt == null && entry.version > version) {
        remove(entry);
      }
    }
  }

  /** Removes everything. Under the write lock. */
  void clear() {
    List<Entry> all = entries();
    for (Entry entry : all) {
      RecencyList.leave(entry);
      ledger.remove(entry);
    }
    buckets.clear();
    memory.release(bytes.getAndSet(0), all.size());
  }

  private boolean makeRoom(int weight, @Nullable Entry replaced, Room room) {
    int more = replaced == null ? weight : weight - replaced.weight;
    int entries = replaced == null ? 1 : 0;
    while (!memory.tryCharge(more, entries)) {
      if ((room == Room.SHARE && isOfAll(more)) || !evictOne(replaced)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether room for so many bytes is to be made by all stripes: this one has less than its share,
   * or would lose much of it, hot entries too, to one large value.
   */
  private boolean isOfAll(int more) {
    boolean large = shareBytes > 0 && (long) more * SMALL_SHARE > shareBytes;
    return large || bytes.get() + more < shareBytes;
  }

  private void becameClean(Entry entry) {
    entry.weight -= Weights.DIRT_BYTES;
    bytes.addAndGet(-Weights.DIRT_BYTES);
    memory.release(Weights.DIRT_BYTES, 0);
    if (entry.list == null) {
      recency.addByUse(entry);
    }
    while (memory.isExceeded() && evictOne(null)) {
      // No read makes room when all that is asked for is resident, so the flush does.
    }
  }

  private List<Entry> entries() {
    List<Entry> all = new ArrayList<>();
    buckets.forEach(all::add);
    return all;
  }

  private @Nullable Entry find(Key key) {
    return buckets.find(key);
  }

  private void add(Entry entry, int hash) {
    buckets.add(entry, hash);
    bytes.addAndGet(entry.weight);
    recency.use(entry);
  }

  /** The one way out of the stripe, whatever the reason. */
  private void remove(Entry entry) {
    buckets.remove(entry);
    bytes.addAndGet(-entry.weight);
    memory.release(entry.weight, 1);
    RecencyList.leave(entry);
    ledger.remove(entry);
  }
}
