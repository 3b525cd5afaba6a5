package io.weir.lab.torture;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The database of a shard, and its replica: which of the two leads, and the ways in which that
 * changes. The cache servers reach whichever leads by new connections; those that are open stay
 * where they are, until they are cut.
 *
 * <p><b>Invariant.</b> Between two calls one leads and takes writes; the other takes none and
 * replicates from it, without a transaction of its own.
 */
final class DatabasePair {

  private static final Duration CATCHING_UP = Duration.ofSeconds(30);

  private final Ways ways;
  private MysqlServer primary;
  private MysqlServer replica;

  /** The cache servers' ways to their database. */
  interface Ways {

    /** Leads new connections to a server. */
    void lead(InetSocketAddress database);

    /** Ends the connections to a server. */
    void cut(InetSocketAddress database);
  }

  DatabasePair(MysqlServer primary, MysqlServer replica, Ways ways) {
    this.primary = primary;
    this.replica = replica;
    this.ways = ways;
  }

  /**
   * Looks whether all of them can be pairs, before anything is done to one.
   *
   * @throws LabException when one cannot, with a sentence
   */
  static void check(List<DatabasePair> pairs) {
    for (DatabasePair pair : pairs) {
      String id = pair.primary.check();
      pair.primary.requireSchema();
      if (id.equals(pair.replica.check())) {
        throw new LabException(
            Reason.USAGE,
            pair.primary
                + " and "
                + pair.replica
                + " both have server_id="
                + id
                + ", and a pair takes two");
      }
    }
    Set<InetSocketAddress> servers = new HashSet<>();
    for (DatabasePair pair : pairs) {
      for (MysqlServer server : List.of(pair.primary, pair.replica)) {
        if (!servers.add(server.address())) {
          throw new LabException(
              Reason.USAGE,
              "--mysql and --mysql-replica take a server of its own for each URL, and "
                  + server
                  + " is not the only one there");
        }
      }
    }
  }

  /** JDBC URL of the schema, where it is led. */
  String url() {
    return primary.url();
  }

  /** Makes the replica a copy of the primary, and has it replicate. */
  void setUp() throws SQLException {
    primary.endReplication();
    primary.takeWrites(true);
    replica.endReplication();
    replica.becomeCopyOf(primary);
    replica.replicateFrom(primary);
  }

  /** Leaves both alone, with the same rows. */
  void release() throws SQLException {
    awaitReplica();
    replica.endReplication();
    replica.takeWrites(true);
  }

  /**
   * The replica leads from now on, with all that was ever committed. The old primary lives on as it
   * was then: read-only, and open for those who are connected.
   */
  void switchOver(Random random) throws SQLException, InterruptedException {
    primary.takeWrites(false);
    awaitReplica();
    replica.endReplication();
    // Whether the address or the promotion comes first is anybody's guess.
    if (random.nextBoolean()) {
      ways.lead(replica.address());
      TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      replica.takeWrites(true);
    } else {
      replica.takeWrites(true);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      ways.lead(replica.address());
    }
    swap();
  }

  /** The old primary of a switch-over replicates from the new one from now on. */
  void rejoin() throws SQLException {
    replica.replicateFrom(primary);
  }

  /**
   * The replica leads from now on, without what was committed last, and the old primary is gone.
   *
   * @param lag what it may lack at most, in time
   * @return for how long it had received nothing; null when this machine was too slow to keep
   *     within the lag, and nothing has changed
   */
  @Nullable Duration failOver(Duration lag, Random random)
      throws SQLException, InterruptedException {
    long from = System.nanoTime(); // What was committed before is not lost.
    awaitReplica();
    replica.pauseReplication();
    TimeUnit.MILLISECONDS.sleep(random.nextLong(Math.max(1, lag.toMillis() * 4 / 5)));
    Duration lost = Duration.ofNanos(System.nanoTime() - from);
    if (lost.compareTo(lag) > 0) {
      replica.resumeReplication();
      return null;
    }
    ways.lead(replica.address());
    ways.cut(primary.address());
    TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
    replica.endReplication();
    replica.takeWrites(true);
    swap();
    return lost;
  }

  /** The old primary of a failover comes back as a copy of the new one, and replicates from it. */
  void recover() throws SQLException {
    replica.becomeCopyOf(primary);
    replica.replicateFrom(primary);
  }

  private void awaitReplica() throws SQLException {
    if (!replica.awaits(primary.executed(), CATCHING_UP)) {
      throw new IllegalStateException(
          replica
              + " has not caught up with "
              + primary
              + " within "
              + CATCHING_UP.toSeconds()
              + " s: "
              + replica.replicationError());
    }
  }

  private void swap() {
    MysqlServer old = primary;
    primary = replica;
    replica = old;
  }
}
