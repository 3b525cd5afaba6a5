package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Shown;
import io.weir.model.Version;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's wishes to give refused versions up. Any thread asks; the write-back's own does it,
 * between two flushes, so that no flush under way brings back what is given up; and with the key's
 * gate, so that none that was in memory alone is on its way into the journal behind it.
 */
final class Discards {

  private static final Logger LOG = LoggerFactory.getLogger(Discards.class);

  private final DirtySet dirtySet;
  private final Quarantine quarantine;
  private final Consumer<List<Mutation>> journal;

  /**
   * @param journal appends, and waits until that is durable and applied
   */
  Discards(DirtySet dirtySet, Quarantine quarantine, Consumer<List<Mutation>> journal) {
    this.dirtySet = dirtySet;
    this.quarantine = quarantine;
    this.journal = journal;
  }

  /**
   * Gives a version up.
   *
   * @throws io.weir.cache.engine.EngineException.Overloaded when the key's writes take too long
   */
  DiscardOutcome discard(Key key, Version version) {
    return dirtySet.alone(key, () -> discardAlone(key, version));
  }

  private DiscardOutcome discardAlone(Key key, Version version) {
    Write write = dirtySet.quarantined(key).orElse(null);
    if (write == null) {
      return DiscardOutcome.NOT_QUARANTINED;
    }
    if (!write.version().equals(version)) {
      return DiscardOutcome.OTHER_VERSION;
    }
    journal.accept(List.of(new Mutation.Discarded(key, version)));
    quarantine.remove(key);
    LOG.warn("row discarded by the operator: key={} version={}", Shown.of(key), version);
    return DiscardOutcome.DISCARDED;
  }
}
