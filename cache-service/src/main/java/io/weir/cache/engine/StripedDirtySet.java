package io.weir.cache.engine;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The dirty entries of all stripes of a table, seen together.
 *
 * <p><b>Concurrency.</b> One stripe lock at a time. What concerns several stripes is of no one
 * moment: what changes between two looks is in the result or not.
 */
final class StripedDirtySet implements DirtySet {

  /**
   * At how many entries a flush for eviction looks, for each that it may take: where fewer than one
   * in so many is dirty, the next victims are clean.
   */
  private static final int LOOKS_AHEAD = 8;

  private final Table table;
  private final DirtyBudget budget;
  private final Backlog backlog;
  private final ReplayedEntries replayed;
  private final KeyGates gates;

  /**
   * Where the next flush starts, so that no stripe is served last for ever. The write-back's own.
   */
  private int takeFrom;

  StripedDirtySet(
      Table table, DirtyBudget budget, Backlog backlog, ReplayedEntries replayed, KeyGates gates) {
    this.table = table;
    this.budget = budget;
    this.backlog = backlog;
    this.replayed = replayed;
    this.gates = gates;
  }

  @Override
  public <T> Optional<T> aloneNow(Key key, Supplier<T> deed) {
    KeyGates.Gate gate = gates.enter(key);
    try {
      if (!gate.tryExclusive()) {
        return Optional.empty();
      }
      try {
        return Optional.of(deed.get());
      } finally {
        gate.endExclusive();
      }
    } finally {
      gates.leave(gate);
    }
  }

  @Override
  public List<Write> take(long dirtySinceNanos, int maxEntries, long maxBytes) {
    Batch batch = new Batch(maxEntries, maxBytes);
    fill(
        batch,
        maxEntries,
        stripe -> {
          stripe.ledger().queues().takeParked(batch);
          stripe.ledger().queues().takeOld(batch, dirtySinceNanos);
        });
    return batch.writes();
  }

  @Override
  public List<Write> takeForRoom(int maxEntries, long maxBytes) {
    Batch batch = new Batch(maxEntries, maxBytes);
    fill(
        batch,
        maxEntries,
        stripe -> {
          stripe.ledger().queues().takeParked(batch);
          stripe.ledger().queues().takeWrittenOnce(batch);
        });
    fill(batch, maxEntries, stripe -> stripe.ledger().queues().takeHot(batch));
    return batch.writes();
  }

  @Override
  public List<Write> takeForEviction(int maxEntries, long maxBytes) {
    Batch batch = new Batch(maxEntries, maxBytes);
    fill(batch, maxEntries, stripe -> stripe.ledger().queues().takeParked(batch));
    int looks = LOOKS_AHEAD * share(maxEntries);
    fill(
        batch,
        maxEntries,
        stripe -> {
          for (RecencyList list : stripe.order().lists()) {
            stripe.ledger().queues().takeColdest(batch, list, looks);
          }
        });
    return batch.writes();
  }

  /**
   * Takes from the stripes: a fair share of each first, so that the batch is the oldest of all,
   * nearly; then more.
   *
   * @param taking takes from a stripe, under its write lock
   */
  private void fill(Batch batch, int maxEntries, Consumer<Stripe> taking) {
    List<Stripe> stripes = table.stripes();
    int start = takeFrom++;
    for (int most : new int[] {share(maxEntries), maxEntries}) {
      for (int i = 0; i < stripes.size() && !batch.isFull(); i++) {
        Stripe stripe = stripes.get((start + i) & (stripes.size() - 1));
        batch.limitTo(most);
        stripe.change(taking);
      }
    }
  }

  private int share(int maxEntries) {
    return Math.max(1, maxEntries / table.stripes().size());
  }

  @Override
  public Optional<Write> takeAny() {
    List<Stripe> stripes = table.stripes();
    int start = ThreadLocalRandom.current().nextInt(stripes.size());
    for (int i = 0; i < stripes.size(); i++) {
      Stripe stripe = stripes.get((start + i) & (stripes.size() - 1));
      Optional<Write> taken =
          stripe.changed(s -> Optional.ofNullable(s.ledger().takeAny(ThreadLocalRandom.current())));
      if (taken.isPresent()) {
        return taken;
      }
    }
    return Optional.empty();
  }

  @Override
  public void committed(List<Write> writes) {
    for (Write write : writes) {
      table.stripe(write.key()).change(stripe -> stripe.ledger().committed(write));
    }
  }

  @Override
  public void giveBack(List<Write> writes) {
    // From the newest to the oldest: each goes to the front of its queue.
    for (Write write : writes.reversed()) {
      table.stripe(write.key()).change(stripe -> stripe.ledger().giveBack(write));
    }
  }

  @Override
  public boolean quarantine(Write write) {
    return table.stripe(write.key()).changed(stripe -> stripe.ledger().quarantine(write));
  }

  @Override
  public boolean setAside(Write write) {
    return table.stripe(write.key()).changed(stripe -> stripe.ledger().setAside(write));
  }

  @Override
  public Optional<Write> takeAside(Key key) {
    return table.stripe(key).changed(stripe -> Optional.ofNullable(stripe.ledger().takeAside(key)));
  }

  @Override
  public Optional<Write> quarantined(Key key) {
    return table.stripe(key).seen(stripe -> Optional.ofNullable(stripe.ledger().quarantined(key)));
  }

  @Override
  public void requeueAll() {
    for (Stripe stripe : table.stripes()) {
      stripe.change(s -> s.ledger().requeue());
    }
  }

  @Override
  public Waiting waiting() {
    long oldest = Long.MAX_VALUE;
    boolean parked = false;
    if (backlog.entries() > 0) {
      for (Stripe stripe : table.stripes()) {
        oldest = Math.min(oldest, stripe.seen(s -> s.ledger().queues().oldestNanos()));
        parked |= stripe.seen(s -> s.ledger().queues().hasParked());
      }
    }
    return new Waiting(oldest, backlog.bytes(), backlog.entries(), parked);
  }

  @Override
  public long manyEntries() {
    return backlog.manyEntries();
  }

  @Override
  public Alarm alarm() {
    return backlog.alarm();
  }

  @Override
  public long dirtyBytes() {
    return budget.dirtyBytes();
  }

  @Override
  public long dirtyEntries() {
    return table.dirty().entries.get();
  }

  @Override
  public void databaseAnswers(boolean wentBack) {
    if (wentBack) {
      replayed.keep();
    } else {
      replayed.drop();
    }
  }

  @Override
  public Iterator<Write> clean() {
    return table.stripes().stream()
        .flatMap(stripe -> stripe.seen(Stripe::clean).stream())
        .iterator();
  }

  @Override
  public boolean isClean(Write write) {
    return table.stripe(write.key()).seen(stripe -> stripe.isClean(write));
  }

  @Override
  public OptionalLong oldestDirtyNanos() {
    long oldest = waiting().oldestNanos();
    return oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest);
  }

  /**
   * Copies the dirty entries that are in the journal, stripe by stripe as it is iterated; see
   * {@link io.weir.cache.journal.ReplicatedStateMachine#snapshot}. What is in memory alone must not
   * be in it: it may be replaced by what is in memory alone too, which no log that is applied over
   * the snapshot would tell.
   */
  Iterable<Mutation> snapshot() {
    return () -> writes(dirt -> !dirt.memoryOnly).<Mutation>map(Mutation.Written::new).iterator();
  }

  /** The dirty entries that are in memory alone. */
  List<Write> memoryOnly() {
    return writes(dirt -> dirt.memoryOnly).toList();
  }

  /** Whether a write is the newest of its key, dirty, and in no journal. */
  boolean isMemoryOnly(Write write) {
    return table.stripe(write.key()).seen(stripe -> stripe.ledger().isMemoryOnly(write));
  }

  /** The dirty entries of a range that come first by primary key, in that order. */
  List<Write> dirtyOf(RowRange range, int limit) {
    PriorityQueue<Write> first =
        new PriorityQueue<>(Comparator.comparing(Write::key, RowRange.ORDER.reversed()));
    writes(dirt -> range.contains(dirt.entry.key()))
        .forEach(write -> {
          first.add(write);
          if (first.size() > limit) {
            first.poll();
          }
        });
    List<Write> ordered = new ArrayList<>(first);
    ordered.sort(Comparator.comparing(Write::key, RowRange.ORDER));
    return ordered;
  }

  /** The writes of the dirty entries that are of a kind; each stripe's when it comes to that. */
  private Stream<Write> writes(Predicate<Dirt> kind) {
    return table.stripes().stream()
        .flatMap(stripe -> stripe.seen(s -> s.ledger().writes(kind)).stream());
  }
}
