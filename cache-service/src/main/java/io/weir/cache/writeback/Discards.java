package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Shown;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's wishes to give refused versions up. Any thread asks; the write-back's own does it,
 * between two flushes, so that no flush under way brings back what is given up; and with the key's
 * gate, so that none that was in memory alone is on its way into the journal behind it. It does not
 * wait for the gate: nothing is flushed meanwhile.
 */
final class Discards {

  private static final Logger LOG = LoggerFactory.getLogger(Discards.class);

  /** How long a key's other writes may take. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DirtySet dirtySet;
  private final Quarantine quarantine;
  private final Consumer<List<Mutation>> journal;
  private final Ticker ticker;

  /**
   * @param journal appends, and waits until that is durable and applied
   */
  Discards(
      DirtySet dirtySet, Quarantine quarantine, Consumer<List<Mutation>> journal, Ticker ticker) {
    this.dirtySet = dirtySet;
    this.quarantine = quarantine;
    this.journal = journal;
    this.ticker = ticker;
  }

  /**
   * Gives a version up.
   *
   * @param askedNanos when that was asked for first
   * @return empty, with nothing done, while another write of the key is on its way
   */
  Optional<DiscardOutcome> discard(Key key, Version version, long askedNanos) {
    DiscardOutcome why = whyNot(key, version);
    if (why != null) {
      return Optional.of(why); // A version that is none to be discarded never becomes one.
    }
    Optional<DiscardOutcome> done = dirtySet.aloneNow(key, () -> discardAlone(key, version));
    return done.isEmpty() && ticker.nanos() - askedNanos >= PATIENCE.toNanos()
        ? Optional.of(DiscardOutcome.BUSY)
        : done;
  }

  private @Nullable DiscardOutcome whyNot(Key key, Version version) {
    Write write = dirtySet.quarantined(key).orElse(null);
    if (write == null) {
      return DiscardOutcome.NOT_QUARANTINED;
    }
    return write.version().equals(version) ? null : DiscardOutcome.OTHER_VERSION;
  }

  private DiscardOutcome discardAlone(Key key, Version version) {
    DiscardOutcome why = whyNot(key, version);
    if (why != null) {
      return why;
    }
    journal.accept(List.of(new Mutation.Discarded(key, version)));
    quarantine.remove(key);
    LOG.warn("row discarded by the operator: key={} version={}", Shown.of(key), version);
    return DiscardOutcome.DISCARDED;
  }
}
