package io.weir.cache.server;

import io.weir.cache.membership.MasterClient;
import io.weir.cache.membership.MasterUnreachableException;
import io.weir.cache.membership.RegistrationRefusedException;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.RegistrationResponse;
import io.weir.model.ShardProof;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's way to its place in its shard's group, a try at a time: it reads its shard's row,
 * registers with a master, records the slots that it is given, and founds the group or finds it
 * founded. Without a master, a server whose database records its slots goes on. Without its
 * database, one that has a journal goes on with what it remembers of the row. What it cannot show
 * then, a master may ask for: such a refusal is no more than a master that does not answer.
 *
 * <p><b>Concurrency.</b> Confined to one thread.
 */
final class Joining {

  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

  /** After so many tries without a master, a server that knows its slots goes on alone. */
  private static final int TRIES_BEFORE_GOING_ALONE = 3;

  private final ThisServer self;
  private final ShardRegistry registry;
  private final Founding founding;
  private final GroupMemory memory;
  private final MasterClient masters;
  private final TopologyView topology;
  private final Runnable registered;
  private final Consumer<RuntimeException> unheard;

  /** Tries in a row that no master has decided. */
  private int undecided;

  /** What a try comes to. */
  sealed interface Outcome {

    /** Nothing yet. */
    record Waiting() implements Outcome {}

    /** The master has no slots for this server's shard. */
    record Spare(ShardRow row) implements Outcome {}

    /**
     * This server is to be a member of its shard's group.
     *
     * @param isConfirmed whether the database has said so; else it is remembered
     */
    record Placed(Founding.Place place, boolean isConfirmed) implements Outcome {}
  }

  /**
   * @param registered told when a master has taken the registration
   * @param unheard told when none was reached, or none would hear a server that shows no proof
   */
  Joining(
      ThisServer self,
      ShardRegistry registry,
      Founding founding,
      GroupMemory memory,
      MasterClient masters,
      TopologyView topology,
      Runnable registered,
      Consumer<RuntimeException> unheard) {
    this.self = self;
    this.registry = registry;
    this.founding = founding;
    this.memory = memory;
    this.masters = masters;
    this.topology = topology;
    this.registered = registered;
    this.unheard = unheard;
  }

  /** One try. What it throws says why the server waits, or must not run. */
  Outcome attempt() {
    ShardRow remembered = null;
    ShardRow row;
    ShardProof proof;
    try {
      registry.prepare();
      row = registry.readOrCreate();
      proof = readProof(row);
    } catch (StoreUnavailableException e) {
      remembered = memory.recall().orElseThrow(() -> e);
      row = remembered;
      proof = memory.recallProof(row.id()).orElse(null);
    }
    self.know(row);
    self.proves(proof);
    RegistrationResponse response = register(proof == null);
    if (response == null && (row.ranges().isEmpty() || undecided < TRIES_BEFORE_GOING_ALONE)) {
      return new Outcome.Waiting();
    }
    if (response != null && response.slotRanges().isEmpty()) {
      return new Outcome.Spare(row);
    }
    if (response == null) {
      LOG.warn("no master has taken this server; going on with the slots that are on record");
      memory.recallTopology().ifPresent(topology::recall);
    } else if (remembered == null) {
      registry.assign(response.cluster(), response.shards(), response.slotRanges());
      row = registry.readOrCreate();
      self.know(row);
    }
    Outcome outcome = placed(row, response, remembered == null);
    if (proof != null) {
      memory.remember(row.id(), proof);
    }
    return outcome;
  }

  private Outcome placed(
      ShardRow row, @Nullable RegistrationResponse response, boolean isConfirmed) {
    Founding.Place place = founding.take(row, Heard.of(response)).orElse(null);
    if (place == null) {
      return new Outcome.Waiting();
    }
    if (isConfirmed) {
      memory.remember(place.row());
    } else {
      LOG.warn(
          "the database does not answer; going on with the journal and what is remembered of the"
              + " shard: generation={}",
          row.generation());
    }
    return new Outcome.Placed(place, isConfirmed);
  }

  private @Nullable RegistrationResponse register(boolean withoutProof) {
    int before = undecided;
    undecided = 0;
    try {
      RegistrationResponse response = masters.register(self.registration());
      registered.run();
      topology.learn(masters.topology());
      return response;
    } catch (MasterUnreachableException e) {
      unheard.accept(e);
    } catch (RegistrationRefusedException e) {
      if (!withoutProof || !e.isForeignShard()) {
        throw e;
      }
      unheard.accept(e);
    }
    undecided = before + 1;
    return null;
  }

  /** Reads what proves that this server has the shard's database, and shows it from now on. */
  void prove(ShardRow row) {
    ShardProof proof = readProof(row);
    self.proves(proof);
    memory.remember(row.id(), proof);
  }

  /** The shard's proof; where its database has none, the one that is remembered, or a new one. */
  private ShardProof readProof(ShardRow row) {
    return registry.proof(memory.recallProof(row.id()).orElseGet(ShardProof::random));
  }
}
