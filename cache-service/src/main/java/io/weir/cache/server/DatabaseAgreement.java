package io.weir.cache.server;

import io.weir.cache.store.OtherDatabaseException;
import io.weir.model.DatabaseServer;
import io.weir.model.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server's database is the one that the others of its group see, as far as they tell.
 * The number of the last flush finds a database that is behind; this finds one that is another and
 * as new, such as a copy.
 *
 * <p>The leader's database is the shard's. A replica that sees another one for longer than {@link
 * #PATIENCE} loads nothing until it sees the leader's; until then new sessions may mend it, as
 * where a planned switch-over has left an old one behind. What a server does not tell differs from
 * nothing; and while no leader is known, things stay as they are.
 *
 * <p><b>Concurrency.</b> One monitor for what is heard and seen, one immutable difference behind a
 * volatile field for whoever loads.
 */
final class DatabaseAgreement {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseAgreement.class);

  /** Of a switch-over, until the servers of a group have all met the new primary. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LongSupplier nanos;
  private @Nullable DatabaseServer own;
  private Told told = new Told(false, null, Map.of());

  /** Whether no master has told since. */
  private boolean isOld;

  /** Since when each database server has been seen that is not this one's; ticker nanoseconds. */
  private final Map<DatabaseServer, Long> others = new HashMap<>();

  private volatile @Nullable Difference fromLeader;

  /**
   * What a master lists of the group.
   *
   * @param leads whether this server leads it
   * @param leader null when this server knows of none, or leads
   * @param servers that are up, this one apart, and what they see where they tell
   */
  record Told(
      boolean leads, @Nullable NodeId leader, Map<NodeId, @Nullable DatabaseServer> servers) {}

  private record Difference(
      NodeId leader, DatabaseServer leaders, DatabaseServer own, long sinceNanos) {}

  /**
   * @param nanos a monotonic clock
   */
  DatabaseAgreement(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Takes the database server that answers this server now. */
  synchronized void sees(DatabaseServer server) {
    own = server;
    compare();
  }

  /** Takes what the others see. */
  synchronized void hears(Told news) {
    told = news;
    isOld = false;
    compare();
  }

  /** What the others see is not told any more: a difference may end, and none begins. */
  synchronized void hearsNothing() {
    isOld = true;
  }

  /** A difference ends where this server comes to see what its leader saw last. */
  private void compareWithWhatIsOld(DatabaseServer mine) {
    if (others.remove(mine) != null) {
      LOG.info("this server sees the database server that its group saw last: {}", mine);
      fromLeader = null;
    }
  }

  private void compare() {
    DatabaseServer mine = own;
    NodeId leader = told.leader();
    if (mine == null
        || (!told.leads() && (leader == null || !told.servers().containsKey(leader)))) {
      return; // Nothing to compare with.
    }
    if (isOld) {
      compareWithWhatIsOld(mine);
      return;
    }
    Map<DatabaseServer, NodeId> differing = new HashMap<>();
    told.servers()
        .forEach((node, theirs) -> {
          if (theirs != null && !theirs.equals(mine) && (told.leads() || node.equals(leader))) {
            differing.putIfAbsent(theirs, node);
          }
        });
    if (differing.isEmpty() && !others.isEmpty()) {
      LOG.info("this server and its group see the same database server again: {}", mine);
    }
    others.keySet().retainAll(differing.keySet());
    differing.forEach((theirs, node) -> {
      if (others.putIfAbsent(theirs, nanos.getAsLong()) == null) {
        LOG.warn(
            "this server's database server is {}, and {}, {}, has another one: {}; making new"
                + " sessions",
            mine,
            node,
            told.leads() ? "a replica" : "the leader",
            theirs);
      }
    });
    fromLeader =
        told.leads()
            ? null
            : others.entrySet().stream()
                .map(other ->
                    new Difference(
                        Objects.requireNonNull(differing.get(other.getKey())),
                        other.getKey(),
                        mine,
                        other.getValue()))
                .findFirst()
                .orElse(null);
  }

  /**
   * Whether new sessions may lead to the database server that the others see: the leader tries for
   * {@link #PATIENCE}, a replica for as long as it takes, since it may load nothing meanwhile.
   */
  synchronized boolean wantsNewSessions() {
    return !others.isEmpty()
        && (!told.leads() || others.values().stream().anyMatch(since -> !isOver(since)));
  }

  private boolean isOver(long since) {
    return nanos.getAsLong() - since >= PATIENCE.toNanos();
  }

  /** Whether this server follows a leader that sees another database server. */
  boolean differs() {
    return fromLeader != null;
  }

  /**
   * Lets a replica's load pass.
   *
   * @throws OtherDatabaseException when it has seen another database than its leader for too long
   */
  void requireSame() {
    Difference difference = fromLeader;
    if (difference != null && isOver(difference.sinceNanos())) {
      throw new OtherDatabaseException(
          "this server's database server is "
              + difference.own()
              + ", and its leader "
              + difference.leader()
              + " has another one: "
              + difference.leaders()
              + "; only what is in memory is read here until both have the same");
    }
  }
}
