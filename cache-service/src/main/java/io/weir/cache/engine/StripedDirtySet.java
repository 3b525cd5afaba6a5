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
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The dirty entries of all stripes of a table, seen together.
 *
 * <p><b>Concurrency.</b> One stripe lock at a time. What concerns several stripes is of no one
 * moment: what changes between two looks is in the result or not.
 */
final class StripedDirtySet implements DirtySet {

  private final Table table;
  private final DirtyBudget budget;
  private final ReplayedEntries replayed;

  /**
   * Where the next flush starts, so that no stripe is served last for ever. The write-back's own.
   */
  private int takeFrom;

  StripedDirtySet(Table table, DirtyBudget budget, ReplayedEntries replayed) {
    this.table = table;
    this.budget = budget;
    this.replayed = replayed;
  }

  @Override
  public List<Write> take(long dirtySinceNanos, int maxEntries, long maxBytes) {
    List<Stripe> stripes = table.stripes();
    List<Write> batch = new ArrayList<>();
    long bytesLeft = maxBytes;
    // A fair share of every stripe first, so that the batch is the oldest of all, nearly; then
    // more.
    int share = Math.max(1, maxEntries / stripes.size());
    int start = takeFrom++;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < stripes.size() && batch.size() < maxEntries && bytesLeft > 0; i++) {
        Stripe stripe = stripes.get((start + i) & (stripes.size() - 1));
        int most = round == 0 ? Math.min(maxEntries, batch.size() + share) : maxEntries;
        long left = bytesLeft;
        bytesLeft -= stripe.changed(s -> s.ledger().take(batch, dirtySinceNanos, most, left));
      }
    }
    return batch;
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
  public Optional<Write> takeQuarantined(Key key) {
    return table
        .stripe(key)
        .changed(stripe -> Optional.ofNullable(stripe.ledger().takeQuarantined(key)));
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
  public boolean isCrowded() {
    return budget.isShortOfEntries();
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
    long oldest = Long.MAX_VALUE;
    for (Stripe stripe : table.stripes()) {
      oldest = Math.min(oldest, stripe.seen(s -> s.ledger().oldestQueuedNanos()));
    }
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
    writes(dirt -> range.contains(dirt.entry.key))
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
