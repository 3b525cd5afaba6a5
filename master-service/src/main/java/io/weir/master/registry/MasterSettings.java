package io.weir.master.registry;

import io.weir.model.HashSlots;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a new cluster is to be, and how its nodes are watched.
 *
 * @param shards number of shards a new cluster is to have; a cluster that exists keeps its own
 * @param found whether the first node that registers with an empty registry founds a new cluster,
 *     though its database records none; while false, such nodes wait for one whose database records
 *     a cluster, which is adopted. Set it to create a cluster, and never over a registry that was
 *     lost: a spare or a fresh node that came first would found another cluster beside yours
 * @param lease a node that is silent for longer is listed as down; longer tolerates slower networks
 *     and notices a lost node later
 * @param heartbeat how often a node is to register again; less than half of the lease, so that one
 *     lost heartbeat does no harm
 * @param sweep how often leases are checked; a lost node is noticed up to this much late
 * @param completeAdopted whether ranges that nobody has claimed may go to new shards in a cluster
 *     that this registry has adopted from its shards' databases; false, since the data of such a
 *     range may lie in a database that has not come back yet
 * @param events how many of the newest events the registry keeps for the status; more tell a longer
 *     story, and make every answer of {@code /status} larger
 */
@ConfigurationProperties("weir.master")
public record MasterSettings(
    @DefaultValue("1") int shards,
    @DefaultValue("false") boolean found,
    @DefaultValue("6s") Duration lease,
    @DefaultValue("2s") Duration heartbeat,
    @DefaultValue("500ms") Duration sweep,
    @DefaultValue("false") boolean completeAdopted,
    @DefaultValue("100") int events) {

  /** Each is a row that one transaction may write, and some hundred bytes of every status. */
  private static final int MOST_EVENTS = 1_000;

  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofHours(24);

  public MasterSettings {
    if (shards < 1 || shards > HashSlots.COUNT) {
      throw new IllegalArgumentException(
          "weir.master.shards is " + shards + "; allowed is 1 to " + HashSlots.COUNT);
    }
    if (events < 1 || events > MOST_EVENTS) {
      throw new IllegalArgumentException(
          "weir.master.events is " + events + "; allowed is 1 to " + MOST_EVENTS);
    }
    requireTime("heartbeat", heartbeat);
    requireTime("sweep", sweep);
    requireTime("lease", lease);
    if (heartbeat.multipliedBy(2).compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "weir.master.heartbeat is "
              + heartbeat.toMillis()
              + "ms; allowed is less than half of weir.master.lease, which is "
              + lease.toMillis()
              + "ms");
    }
  }

  private static void requireTime(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "weir.master."
              + name
              + " is "
              + value.toMillis()
              + "ms; allowed is "
              + SHORTEST.toMillis()
              + "ms to "
              + LONGEST.toHours()
              + "h");
    }
  }
}
