package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's wishes to give refused versions up. Any thread asks; the write-back's own does it,
 * between two flushes, so that no flush under way brings back what is given up.
 */
final class Discards {

  private static final Logger LOG = LoggerFactory.getLogger(Discards.class);

  /** Each is waited for by a request of an operator. */
  private static final int MOST = 64;

  private final DirtySet dirtySet;
  private final Quarantine quarantine;
  private final Consumer<List<Mutation>> journal;
  private final BlockingQueue<Wish> wishes = new ArrayBlockingQueue<>(MOST);

  private record Wish(Key key, Version version, CompletableFuture<DiscardOutcome> done) {}

  /**
   * @param journal appends, and waits until that is durable and applied
   */
  Discards(DirtySet dirtySet, Quarantine quarantine, Consumer<List<Mutation>> journal) {
    this.dirtySet = dirtySet;
    this.quarantine = quarantine;
    this.journal = journal;
  }

  CompletableFuture<DiscardOutcome> ask(Key key, Version version) {
    Wish wish = new Wish(key, version, new CompletableFuture<>());
    if (!wishes.offer(wish)) {
      wish.done.completeExceptionally(
          new JournalException.QueueFull(MOST + " rows are to be discarded already"));
    }
    return wish.done;
  }

  /** Does what was asked for. */
  void work() {
    for (Wish next = wishes.poll(); next != null; next = wishes.poll()) {
      try {
        next.done.complete(discard(next));
      } catch (RuntimeException | Error e) {
        next.done.completeExceptionally(e);
      }
    }
  }

  /** The reign is over. */
  void refuseAll() {
    for (Wish next = wishes.poll(); next != null; next = wishes.poll()) {
      next.done.completeExceptionally(
          new JournalException.NotLeading("this server leads its shard no longer"));
    }
  }

  private DiscardOutcome discard(Wish wish) {
    Write write = dirtySet.quarantined(wish.key).orElse(null);
    if (write == null) {
      return DiscardOutcome.NOT_QUARANTINED;
    }
    if (!write.version().equals(wish.version)) {
      return DiscardOutcome.OTHER_VERSION;
    }
    journal.accept(List.of(new Mutation.Discarded(wish.key, wish.version)));
    quarantine.remove(wish.key);
    LOG.warn("row discarded by the operator: key={} version={}", wish.key, wish.version);
    return DiscardOutcome.DISCARDED;
  }
}
