package io.weir.lab.torture;

import io.weir.lab.cluster.LocalCluster;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who hurts the cluster: one fault after the other, each healed, with a short rest between.
 *
 * <p>A process that was killed is started again by its supervisor; of a group of several members,
 * no second one is killed before the first is back as a member, or the group would be away more
 * than it is hurt.
 */
final class Nemesis {

  private static final int REST_MILLIS = 300;
  private static final int REST_SPREAD_MILLIS = 900;
  private static final Duration COMING_BACK = Duration.ofMinutes(3);
  private static final Duration ACCEPTANCE = Duration.ofMinutes(1);
  private static final Duration DATABASE_COMING_BACK = Duration.ofSeconds(10);
  private static final int DATABASE_TRIES = 5;
  private static final int LOOK_MILLIS = 100;

  /** Now and then a pause is one that everybody has given up waiting for. */
  private static final int LONG_PAUSE_ONE_IN = 8;

  private static final int LONG_PAUSE_MILLIS = 20_000;
  private static final List<Wiring.Cut> CUTS = List.of(Wiring.Cut.values());

  private final LocalCluster cluster;
  private final Wiring wiring;
  private final List<Fault> faults;
  private final int shards;
  private final int members;
  private final List<DatabasePair> pairs;
  private final Duration lag;
  private final Unmounting unmounting;
  private final Random random;
  private final List<String> wentBack = new ArrayList<>();
  private final List<Event> timeline = new ArrayList<>();
  private @Nullable String away;

  /**
   * A fault that was done.
   *
   * @param from nanoseconds on the VM's clock
   * @param to when it was healed; a process that was killed may be away for longer
   */
  record Event(Fault fault, String what, long from, long to) {}

  /**
   * @param pairs the shards' databases; empty when they are none
   */
  Nemesis(
      TorturePlan plan,
      LocalCluster cluster,
      Wiring wiring,
      List<DatabasePair> pairs,
      Random random) {
    this.cluster = cluster;
    this.wiring = wiring;
    this.faults = plan.faults().kinds().stream().sorted().toList();
    this.shards = plan.cluster().shards();
    this.members = plan.cluster().members();
    this.pairs = pairs;
    this.lag = plan.longestLag();
    this.random = random;
    this.unmounting = new Unmounting(cluster, random);
  }

  List<Event> timeline() {
    synchronized (timeline) {
      return List.copyOf(timeline);
    }
  }

  /** What databases lacked of the flushes that they had acknowledged, a sentence each. */
  List<String> wentBack() {
    return List.copyOf(wentBack);
  }

  /** Does the next fault, and rests. */
  void next() throws InterruptedException, SQLException {
    Fault fault = faults.get(random.nextInt(faults.size()));
    int shard = random.nextInt(shards);
    long from = System.nanoTime();
    String what;
    try {
      what =
          switch (fault) {
            case KILL -> end(shard, "KILL");
            case RESTART -> end(shard, "TERM");
            case PAUSE -> pause(shard);
            case MASTER_KILL -> killMaster();
            case DATABASE_STOP -> stopDatabase();
            case DATABASE_STALL -> stallDatabase(shard);
            case TRANSFER -> transfer(shard);
            case PARTITION -> partition(shard);
            case WAKE_IN_FLUSH -> wakeInFlush(shard);
            case DATABASE_SWITCH_OVER -> switchOver(shard);
            case DATABASE_FAILOVER -> failOver(shard);
            case LOCKED_ROW -> lock(shard, DatabaseLocks::row);
            case LOCKED_GAP -> lock(shard, DatabaseLocks::gap);
            case ALTER_TABLE -> lock(shard, DatabaseLocks::alter);
            case LOCK_TABLES -> lock(shard, DatabaseLocks::table);
            case DATA_DIRECTORY_UNMOUNTED -> unmount(shard);
          };
    } finally {
      wiring.heal();
    }
    if (what != null) {
      synchronized (timeline) {
        timeline.add(new Event(fault, what, from, System.nanoTime()));
      }
    }
    sleep(REST_MILLIS, REST_SPREAD_MILLIS);
    acceptWhatWentBack();
  }

  /** No fault loses a flush that has settled, so that no database may ever have gone back. */
  private void acceptWhatWentBack() throws InterruptedException {
    for (int shard = 0; shard < pairs.size(); shard++) {
      long missing = cluster.missingFlushes(shard);
      if (missing == 0) {
        continue;
      }
      wentBack.add("the database of shard " + shard + " went back by " + missing + " flushes");
      // It is refused until what is in memory is dirty again.
      long deadline = System.nanoTime() + ACCEPTANCE.toNanos();
      while (!cluster.acceptDatabase(shard, missing) && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        missing = Math.max(missing, cluster.missingFlushes(shard));
      }
    }
  }

  /** Lets everything go on, and waits for whoever is away. */
  void heal() throws InterruptedException {
    wiring.heal();
    for (int shard = 0; shard < shards; shard++) {
      for (String server : cluster.cacheServers(shard)) {
        cluster.signal(server, "CONT");
      }
    }
    awaitBack();
    cluster.awaitServing();
    acceptWhatWentBack();
  }

  private @Nullable String end(int shard, String signal) throws InterruptedException {
    awaitBack();
    String server = victim(shard);
    if (!cluster.signal(server, signal)) {
      return null;
    }
    away = server;
    if (members == 1) {
      sleep(500, 0); // It is still ready for a moment, when it stops in order.
      awaitBack();
    } else {
      sleep(1_500, 2_500);
    }
    return server;
  }

  private void awaitBack() throws InterruptedException {
    String server = away;
    if (server == null) {
      return;
    }
    long deadline = System.nanoTime() + COMING_BACK.toNanos();
    while (!isBack(server)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            server + " did not come back within " + COMING_BACK.toSeconds() + " s; see its log");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    away = null;
  }

  /** A server that is ready may still have to be added to its group. */
  private boolean isBack(String server) {
    return cluster.isReady(server) && (members == 1 || cluster.isWhole(index(server) / members));
  }

  private @Nullable String pause(int shard) throws InterruptedException {
    String server = victim(shard);
    if (!cluster.signal(server, "STOP")) {
      return null;
    }
    try {
      if (random.nextInt(LONG_PAUSE_ONE_IN) == 0) {
        sleep(LONG_PAUSE_MILLIS, 0);
      } else {
        sleep(300, 4_700);
      }
    } finally {
      cluster.signal(server, "CONT");
    }
    return server;
  }

  private @Nullable String killMaster() throws InterruptedException {
    if (!cluster.signal("master", "KILL")) {
      return null;
    }
    sleep(500, 1_500);
    return "master";
  }

  private @Nullable String stopDatabase() throws InterruptedException {
    if (!cluster.signal("database", "KILL")) {
      return null;
    }
    sleep(1_000, 2_000);
    for (int tries = 0; !databaseComesBack(); tries++) {
      // H2 was seen to start and then call its database closed, until it was started once more.
      if (tries == DATABASE_TRIES || !cluster.signal("database", "KILL")) {
        throw new IllegalStateException("the database does not come back; see its log");
      }
      sleep(1_000, 0);
    }
    return "database";
  }

  private boolean databaseComesBack() throws InterruptedException {
    long deadline = System.nanoTime() + DATABASE_COMING_BACK.toNanos();
    while (!cluster.databasesAnswer()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return true;
  }

  private String stallDatabase(int shard) throws InterruptedException {
    boolean all = random.nextBoolean();
    String server = victim(shard);
    if (all) {
      wiring.stallDatabases();
    } else {
      wiring.stallDatabaseOf(index(server));
    }
    sleep(500, 3_500);
    return all ? "all cache servers" : server;
  }

  private @Nullable String transfer(int shard) throws InterruptedException {
    String leader = cluster.leaderOf(shard);
    return leader != null && cluster.transfer(leader) ? leader : null;
  }

  private String partition(int shard) throws InterruptedException {
    String server = victim(shard);
    Wiring.Cut cut = CUTS.get(random.nextInt(CUTS.size()));
    wiring.isolate(index(server), cut);
    sleep(1_500, 3_500);
    return server + " " + cut.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private @Nullable String wakeInFlush(int shard) throws InterruptedException {
    String leader = cluster.leaderOf(shard);
    if (leader == null) {
      return null;
    }
    wiring.stallDatabaseOf(index(leader));
    sleep(100, 300);
    if (!cluster.signal(leader, "STOP")) {
      return null;
    }
    try {
      sleep(3_000, 1_500);
    } finally {
      cluster.signal(leader, "CONT");
    }
    sleep(0, 400);
    wiring.healDatabases();
    return leader;
  }

  private String switchOver(int shard) throws InterruptedException, SQLException {
    DatabasePair pair = pairs.get(shard);
    pair.switchOver(random);
    sleep(2_000, 8_000);
    pair.rejoin();
    return "shard " + shard;
  }

  private @Nullable String failOver(int shard) throws InterruptedException, SQLException {
    DatabasePair pair = pairs.get(shard);
    Duration lost = pair.failOver(lag, random);
    if (lost == null) {
      return null;
    }
    sleep(1_000, 4_000);
    pair.recover();
    return String.format(Locale.ROOT, "shard %d, without the last %d ms", shard, lost.toMillis());
  }

  /** What another program takes; it says what it has held, or null. */
  private interface Lock {

    @Nullable String hold(DatabaseLocks locks, DatabaseLocks.Hold hold)
        throws SQLException, InterruptedException;
  }

  private @Nullable String lock(int shard, Lock lock) throws SQLException, InterruptedException {
    String url = pairs.isEmpty() ? cluster.shardUrls().get(shard) : pairs.get(shard).url();
    String held = lock.hold(new DatabaseLocks(url, random), () -> sleep(1_000, 6_000));
    return held == null ? null : held + " of shard " + shard;
  }

  private @Nullable String unmount(int shard) throws InterruptedException {
    awaitBack();
    String server = victim(shard);
    String outcome = unmounting.unmount(server, members == 1);
    if (outcome == null) {
      return null;
    }
    away = server;
    if (members == 1) {
      awaitBack();
    }
    return server + ": " + outcome;
  }

  /** Mostly the leader, which has most to lose. */
  private String victim(int shard) throws InterruptedException {
    List<String> servers = cluster.cacheServers(shard);
    String leader = random.nextInt(10) < 7 ? cluster.leaderOf(shard) : null;
    return leader != null ? leader : servers.get(random.nextInt(servers.size()));
  }

  /** Names are cache-1 and so on, over all shards. */
  private static int index(String server) {
    return Integer.parseInt(server.substring(server.indexOf('-') + 1)) - 1;
  }

  private void sleep(int millis, int spread) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis + (spread == 0 ? 0 : random.nextInt(spread)));
  }
}
