package io.weir.cache.engine;

import io.weir.cache.engine.DirtyLedger.Origin;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One part of the table: a hash table with chained buckets, its lock, the order in which entries
 * leave, and the ledger of its dirty entries.
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
 * <p><b>Eviction.</b> The {@link EvictionOrder} says which entry is the victim. A dirty one cannot
 * leave: it is <i>parked</i> in a list of its own, from which the write-back takes first, and the
 * next victim is asked for. When the database acknowledges it, it comes back into the order; so it
 * does by a touch. So every entry is passed over at most once a touch, however much is dirty. In
 * exact LRU it comes back where it stands by its last use, or by the touch at the hot end, and the
 * victim is always the least recently used clean entry.
 *
 * <p><b>Concurrency.</b> Everything is guarded by {@link #lock}, but what {@link Reads} reads by
 * itself. Whoever takes the write lock applies the touches of reads first.
 */
final class Stripe {

  final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final StripeMemory memory;
  private final Buckets buckets;
  private final Reads reads;
  private final DirtyLedger ledger;

  /** All entries but parked ones, and those that a flush or the quarantine has from there. */
  private final EvictionOrder order;

  Stripe(
      TableLock kind,
      StripeMemory memory,
      DirtyBudget budget,
      Backlog backlog,
      DirtyStatistics.Counter dirty,
      LongAdder untouched,
      EvictionOrder order) {
    this.buckets = new Buckets();
    this.order = order;
    this.reads = new Reads(lock, buckets, kind, order::use, this::renumber, untouched);
    this.memory = memory;
    this.ledger = new DirtyLedger(buckets, budget, backlog, dirty);
  }

  long bytes() {
    return memory.bytes();
  }

  /** The account of its dirty entries. Under the lock that each of its methods names. */
  DirtyLedger ledger() {
    return ledger;
  }

  /** In which order entries leave for room. Under the write lock. */
  EvictionOrder order() {
    return order;
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
  <T extends @Nullable Object> T seen(Function<Stripe, T> look) {
    lock.readLock().lock();
    try {
      return look.apply(this);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Its resident entries as a read sees them. */
  Reads reads() {
    return reads;
  }

  /** Finds a key without touching it. Under either lock. */
  @Nullable Entry peek(Key key, int hash) {
    return buckets.find(key, hash);
  }

  /** Applies the touches that reads have recorded. First thing under every write lock. */
  void applyTouches() {
    reads.applyTouches();
  }

  private void renumber() {
    if (order.uses().isHigh()) {
      order.uses().renumber(entries());
    }
  }

  /** From here on no read sees what this stripe holds, until it has the lock. */
  void beginRebuild() {
    buckets.beginRebuild();
  }

  /** What was rebuilt may be seen. Both under the write lock. */
  void endRebuild() {
    buckets.endRebuild();
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
  boolean apply(Write write, int hash, Origin origin, long nowNanos, Room room) {
    Entry old = buckets.find(write.key(), hash);
    if (old != null && old.dirt != null && old.version >= write.version().value()) {
      ledger.addAgain(old, write, origin);
      return true;
    }
    int weight = Weights.ofDirty(write.key(), write.value());
    if (!makeRoom(weight, old, room)) {
      if (room != Room.BEYOND) {
        return false;
      }
      memory.charge(old == null ? weight : weight - old.weight(), old == null ? 1 : 0);
    }
    Entry entry = Entry.of(write.key(), write.value(), write.version().value());
    if (old == null) {
      add(entry, hash);
    } else {
      order.replace(old, entry);
      entry.succeed(old);
      buckets.replace(old, entry, hash);
    }
    ledger.add(entry, origin, nowNanos);
    return true;
  }

  /**
   * Puts the entry of a loaded row in, evicting for room. Under the write lock; the key is not
   * resident.
   *
   * @param room where room may be made
   * @return false when there is no room; then nothing was put in
   */
  boolean install(Entry row, int hash, Room room) {
    boolean fits = makeRoom(row.weight(), null, room);
    if (fits) {
      add(row, hash);
    }
    return fits;
  }

  /** Drops a clean entry, so that the next read asks the database. Under the write lock. */
  void drop(Key key) {
    Entry entry = find(key);
    if (entry != null && entry.dirt == null) {
      remove(entry);
    }
  }

  /** Evicts the next clean entry. Under the write lock. Returns false when there is none. */
  boolean evictOne(@Nullable Entry spared) {
    for (Entry victim = order.victim(spared); victim != null; victim = order.victim(spared)) {
      if (victim.dirt == null) {
        remove(victim);
        memory.evicted();
        return true;
      }
      order.setAside(victim);
      ledger.park(victim);
    }
    return false;
  }

  /**
   * Evicts clean entries until so many bytes are free, or an eighth of the stripe's; one at least.
   * Under the write lock. Returns false when there is none.
   */
  boolean evict(long wanted) {
    long least = bytes() - Math.min(wanted, bytes() / StripeMemory.SMALL_SHARE);
    if (!evictOne(null)) {
      return false;
    }
    while (bytes() > least && evictOne(null)) {
      // One lock for all of them.
    }
    return true;
  }

  /** The bytes of the keys that eviction would come to last, those first. Under the write lock. */
  List<byte[]> hottest(int most) {
    List<byte[]> keys = new ArrayList<>();
    for (RecencyList list : order.lists().reversed()) {
      Entry entry = list.hottest();
      for (; entry != null && keys.size() < most; entry = entry.colder) {
        keys.add(entry.keyBytes());
      }
    }
    return keys;
  }

  /** Counts an entry as used, if it is there. Under the write lock. */
  void use(Key key, int hash) {
    Entry entry = buckets.find(key, hash);
    if (entry != null) {
      order.use(entry);
    }
  }

  /** Bytes that an entry is counted with; 0 for a key that is not resident. Under either lock. */
  int weight(Key key, int hash) {
    Entry entry = buckets.find(key, hash);
    return entry == null ? 0 : entry.weight();
  }

  /** The database holds a version now. Under the write lock. */
  void flushed(Key key, int hash, long version) {
    Entry entry = buckets.find(key, hash);
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
        clean.add(entry.write());
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
      leave(entry);
    }
    buckets.clear();
    memory.release(bytes(), all.size());
  }

  private boolean makeRoom(int weight, @Nullable Entry replaced, Room room) {
    int more = replaced == null ? weight : weight - replaced.weight();
    int entries = replaced == null ? 1 : 0;
    while (!memory.tryCharge(more, entries)) {
      if ((room == Room.SHARE && memory.isOfAll(more)) || !evictOne(replaced)) {
        return false;
      }
    }
    return true;
  }

  private void becameClean(Entry entry) {
    memory.release(Weights.DIRT_BYTES, 0);
    if (entry.list == null) {
      order.comeBack(entry);
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
    order.add(entry);
  }

  /** The one way out of the stripe, whatever the reason, but for a rebuild. */
  private void remove(Entry entry) {
    memory.release(entry.weight(), 1);
    buckets.remove(entry);
    leave(entry);
  }

  private void leave(Entry entry) {
    order.remove(entry);
    ledger.remove(entry);
    entry.gone();
  }
}
