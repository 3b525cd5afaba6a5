package io.weir.cache.engine;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The account of a stripe's dirty entries: how far each has come on its way to the database, and
 * the bytes that it is charged for.
 *
 * <p><b>Counts.</b> With the ledgers of the other stripes, in {@link DirtyStatistics}: the dirty
 * entries, and those of them that are quarantined, or in memory alone. In {@link DirtyBudget}: the
 * bytes of each, in the part for dirty entries or in the quarantine's. In {@link Backlog}: what is
 * queued. See {@link FlushQueues}.
 *
 * <p><b>Invariant.</b> After each method, for every entry of the stripe:
 *
 * <ol>
 *   <li>It has a {@link Dirt} exactly while it is dirty, which is while the database is not known
 *       to hold its version. Then it is counted once as dirty, once more while it is quarantined,
 *       and once more while it is in memory alone.
 *   <li>The bytes of its dirt are charged once, to the quarantine's part of the budget or to the
 *       other.
 *   <li>A dirty entry is in one queue, in a flush, set aside, or committed by the database and not
 *       yet acknowledged. It is queued and in a flush when it was written again during that flush,
 *       and set aside and in a flush while it is tried again. A quarantined one is set aside.
 *   <li>A parked entry is queued, and so dirty.
 * </ol>
 *
 * <p><b>Concurrency.</b> Guarded by the stripe's lock. What changes something needs the write lock;
 * what only looks, at the end, needs either.
 */
final class DirtyLedger {

  /** The stripe's entries; changed by the stripe alone. */
  private final Buckets entries;

  private final DirtyBudget budget;
  private final DirtyStatistics.Counter counter;
  private final FlushQueues queues;

  DirtyLedger(
      Buckets entries, DirtyBudget budget, Backlog backlog, DirtyStatistics.Counter counter) {
    this.entries = entries;
    this.budget = budget;
    this.counter = counter;
    this.queues = new FlushQueues(backlog);
  }

  /** The source of a write. */
  enum Origin {
    /** The journal: its bytes are charged to the dirty budget whether there is room or not. */
    JOURNAL,
    /** This server alone, with its bytes reserved, which are the entry's from here on. */
    MEMORY
  }

  /**
   * Notes that an entry was written: its new version is dirty, and queued. A version that was dirty
   * before is replaced, and the entry keeps its age, but where that version was quarantined.
   */
  void add(Entry entry, Origin origin, long nowNanos) {
    Dirt dirt = entry.dirt;
    if (dirt == null) {
      dirt = new Dirt(entry);
      entry.dirt = dirt;
      counter.entries.incrementAndGet();
    } else {
      becomeJournalled(dirt);
    }
    long before = dirt.reservedBytes;
    dirt.reservedBytes = entry.weight();
    dirt.memoryOnly = origin == Origin.MEMORY;
    if (dirt.memoryOnly) {
      counter.memoryOnlyEntries.incrementAndGet();
      counter.memoryOnlyBytes.addAndGet(dirt.reservedBytes);
    }
    recharge(dirt, before);
    boolean untried = dirt.aside && !dirt.quarantined;
    leaveAside(dirt);
    if (dirt.queued) {
      counter.coalesced.increment();
      queues.writtenAgain(dirt, before);
    } else if (untried) {
      queues.bringBack(dirt); // As old as before: what it replaces was never refused.
    } else {
      dirt.sinceNanos = nowNanos;
      queues.add(dirt);
    }
  }

  /** Notes a write that changes nothing of an entry: one of its version again, or an older one. */
  void addAgain(Entry entry, Write write, Origin origin) {
    Dirt dirt = entry.dirt;
    if (origin == Origin.MEMORY) {
      budget.release(Weights.ofDirty(write.key(), write.value()));
    } else if (dirt != null && entry.version == write.version().value()) {
      becomeJournalled(dirt);
    }
  }

  /**
   * Sets a dirty entry aside that eviction came across, and that is in no list. One that waits in
   * no queue stays in no list: the end of its flush brings it back, or its next write.
   */
  void park(Entry entry) {
    if (entry.dirt != null && entry.dirt.queued) {
      queues.park(entry);
    }
  }

  /** What of it waits for a flush. Under the write lock for what takes something. */
  FlushQueues queues() {
    return queues;
  }

  /** Takes one queued write, whichever, that no flush carries yet; null when there is none. */
  @Nullable Write takeAny(RandomGenerator random) {
    if (queues.oldestNanos() == Long.MAX_VALUE) {
      return null;
    }
    List<Entry> queued = new ArrayList<>();
    entries.forEach(entry -> {
      if (FlushQueues.isFree(entry)) {
        queued.add(entry);
      }
    });
    if (queued.isEmpty()) {
      return null;
    }
    Batch one = new Batch(1, Long.MAX_VALUE);
    queues.take(queued.get(random.nextInt(queued.size())), one);
    return one.writes().getFirst();
  }

  /**
   * Takes a quarantined write into a flush of its own; null when there is none of the key. It stays
   * quarantined until that ends.
   */
  @Nullable Write takeAside(Key key) {
    Entry entry = entries.find(key);
    return entry == null || entry.dirt == null || !entry.dirt.aside
        ? null
        : FlushQueues.startFlush(entry.dirt);
  }

  /**
   * Notes that the database holds a version of an entry: the one that a flush has brought, or a
   * newer one that the flush has met. Returns whether that is the entry's newest one: then the
   * entry was dirty, and is clean now.
   */
  boolean flushed(Entry entry, long version) {
    Dirt dirt = entry.dirt;
    if (dirt == null) {
      return false;
    }
    if (dirt.flushingVersion <= version) {
      dirt.flushingVersion = 0;
    }
    if (entry.version != version) {
      return false; // Written again since: the newer version waits in the queue.
    }
    remove(entry);
    return true;
  }

  /**
   * Notes that the database has committed a write, whose flush has ended. Its entry stays dirty,
   * and in no queue unless it was written again, until it is acknowledged or requeued.
   */
  void committed(Write write) {
    Entry entry = entries.find(write.key());
    Dirt dirt = entry == null ? null : entry.dirt;
    if (entry == null || dirt == null || dirt.flushingVersion != write.version().value()) {
      return;
    }
    dirt.flushingVersion = 0;
    leaveQuarantine(dirt);
  }

  private void leaveAside(Dirt dirt) {
    dirt.aside = false;
    if (dirt.quarantined) {
      dirt.quarantined = false;
      counter.quarantined.decrementAndGet();
    }
  }

  private void leaveQuarantine(Dirt dirt) {
    leaveAside(dirt);
    if (dirt.inQuarantineBudget) {
      budget.releaseQuarantined(dirt.reservedBytes);
      budget.charge(dirt.reservedBytes);
      dirt.inQuarantineBudget = false;
    }
  }

  /** Gives back a write whose flush has failed: its entry is queued, as old as it was before. */
  void giveBack(Write write) {
    Entry entry = entries.find(write.key());
    Dirt dirt = entry == null ? null : entry.dirt;
    if (entry == null || dirt == null || dirt.flushingVersion != write.version().value()) {
      return;
    }
    dirt.flushingVersion = 0;
    if (!dirt.aside) { // Else it waits in no queue: what sets it aside tries it again.
      bringBack(dirt);
    }
  }

  private void bringBack(Dirt dirt) {
    if (dirt.queued) {
      counter.coalesced.increment(); // The version that failed was replaced meanwhile.
      queues.remove(dirt);
    }
    dirt.sinceNanos = dirt.flushingSinceNanos;
    queues.bringBack(dirt);
  }

  /**
   * Sets a write of a flush aside. Returns false when it was replaced meanwhile, and its entry is
   * queued; or when no flush carries it any more.
   */
  boolean setAside(Write write) {
    Entry entry = entries.find(write.key());
    Dirt dirt = entry == null ? null : entry.dirt;
    if (entry == null || dirt == null || dirt.flushingVersion != write.version().value()) {
      return false;
    }
    dirt.flushingVersion = 0;
    if (entry.version != write.version().value()) {
      if (!dirt.aside) {
        bringBack(dirt);
      }
      return false;
    }
    if (!dirt.aside) {
      dirt.aside = true;
      dirt.sinceNanos = dirt.flushingSinceNanos;
    }
    return true;
  }

  /** The same for one that the database does not take, as was tried. */
  boolean quarantine(Write write) {
    Entry entry = entries.find(write.key());
    if (!setAside(write) || entry == null || entry.dirt == null) {
      return false;
    }
    Dirt dirt = entry.dirt;
    if (!dirt.quarantined) {
      dirt.quarantined = true;
      counter.quarantined.incrementAndGet();
    }
    if (!dirt.inQuarantineBudget) {
      dirt.inQuarantineBudget = budget.quarantine(dirt.reservedBytes);
    }
    return true;
  }

  /**
   * Queues every dirty entry: no flush is in progress, and what the database has refused may be
   * tried anew.
   */
  void requeue() {
    entries.forEach(entry -> {
      if (entry.dirt != null) {
        requeue(entry.dirt);
      }
    });
  }

  private void requeue(Dirt dirt) {
    dirt.flushingVersion = 0;
    leaveQuarantine(dirt);
    if (dirt.queued && dirt.flushingSinceNanos < dirt.sinceNanos) {
      queues.remove(dirt); // An older version was taken, and may not be in the database after all.
    }
    dirt.sinceNanos = Math.min(dirt.sinceNanos, dirt.flushingSinceNanos);
    if (!dirt.queued) {
      queues.bringBack(dirt);
    }
  }

  /** Removes an entry, which is clean from here on or leaves the stripe. Nothing if it is clean. */
  void remove(Entry entry) {
    Dirt dirt = entry.dirt;
    if (dirt == null) {
      return;
    }
    if (dirt.queued) {
      queues.remove(dirt);
    }
    if (dirt.quarantined) {
      counter.quarantined.decrementAndGet();
    }
    counter.entries.decrementAndGet();
    releaseBytes(dirt);
    entry.dirt = null;
  }

  /** The writes of the dirty entries that are of a kind, in no order. */
  List<Write> writes(Predicate<Dirt> kind) {
    List<Write> all = new ArrayList<>();
    entries.forEach(entry -> {
      if (entry.dirt != null && kind.test(entry.dirt)) {
        all.add(entry.write());
      }
    });
    return all;
  }

  /** The write that is quarantined; null when there is none of the key. */
  @Nullable Write quarantined(Key key) {
    Entry entry = entries.find(key);
    return entry == null || entry.dirt == null || !entry.dirt.quarantined ? null : entry.write();
  }

  /**
   * Whether the key's newest version is dirty and in the journal, or on its way to the database
   * from there: a newer one must go the same way.
   */
  boolean isJournalled(Key key, int hash) {
    Entry entry = entries.find(key, hash);
    return entry != null && entry.dirt != null && !entry.dirt.memoryOnly;
  }

  /** Whether a write is the newest of its key, dirty, and in no journal. */
  boolean isMemoryOnly(Write write) {
    Entry entry = entries.find(write.key());
    return entry != null
        && entry.version == write.version().value()
        && entry.dirt != null
        && entry.dirt.memoryOnly;
  }

  /** The bytes of the dirty budget that a write of a key gives back; 0 for a key that is clean. */
  long replaceableBytes(Key key) {
    Entry entry = entries.find(key);
    Dirt dirt = entry == null ? null : entry.dirt;
    return dirt == null || dirt.inQuarantineBudget ? 0 : dirt.reservedBytes;
  }

  /** The bytes that it reserved stay its own. */
  private void becomeJournalled(Dirt dirt) {
    if (dirt.memoryOnly) {
      dirt.memoryOnly = false;
      counter.memoryOnlyEntries.decrementAndGet();
      counter.memoryOnlyBytes.addAndGet(-dirt.reservedBytes);
    }
  }

  /** Charges what an entry holds now, in place of what it held before. */
  private void recharge(Dirt dirt, long before) {
    boolean ofQuarantine = dirt.inQuarantineBudget;
    if (ofQuarantine) {
      budget.releaseQuarantined(before);
      dirt.inQuarantineBudget = false;
    }
    long ofDirty = ofQuarantine ? 0 : before;
    if (dirt.memoryOnly) {
      budget.release(ofDirty); // It has reserved what it holds now.
    } else {
      budget.recharge(ofDirty, dirt.reservedBytes);
    }
  }

  private void releaseBytes(Dirt dirt) {
    becomeJournalled(dirt);
    if (dirt.inQuarantineBudget) {
      budget.releaseQuarantined(dirt.reservedBytes);
    } else {
      budget.release(dirt.reservedBytes);
    }
    dirt.reservedBytes = 0;
  }
}
