package io.weir.lab.torture;

import io.weir.client.ReadFrom;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.lab.cluster.Console;
import io.weir.lab.cluster.JdbcUrls;
import io.weir.lab.cluster.LocalCluster;
import io.weir.load.redis.RedisClient;
import io.weir.load.run.LoadDoor;
import io.weir.load.verify.KeyReader;
import io.weir.model.Key;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One torture from start to end: the cluster comes up, clients work on it while it is hurt, it is
 * healed and written back; then every key's history is checked, and its row compared with what the
 * caches answer.
 */
public final class Torture {

  private static final String PREFIX = "torture:";
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration FINAL_DEADLINE = Duration.ofSeconds(60);
  private static final int MAX_CONFIGURATIONS = 1_000_000;
  private static final int PROGRESS_SECONDS = 5;

  private final TorturePlan plan;
  private final Console console;
  private final Consumer<String> say;
  private final LongAdder succeeded = new LongAdder();
  private volatile boolean over;

  /**
   * @param console told how the cluster comes up and what its processes do
   * @param say what is being done, a line each
   */
  public Torture(TorturePlan plan, Console console, Consumer<String> say) {
    this.plan = plan;
    this.console = console;
    this.say = say;
  }

  /** Ends the faults early; what follows them goes on. */
  public void stop() {
    over = true;
  }

  public Findings run() throws InterruptedException, SQLException {
    boolean partitions = plan.faults().kinds().contains(Fault.PARTITION);
    try (Wiring wiring =
            new Wiring(
                plan.cluster().port(), partitions, plan.classPath(), plan.traffic().largeValues());
        LocalCluster cluster =
            new LocalCluster(
                plan.cluster().with(settings()), plan.dataDirectory(), wiring, console)) {
      say.accept("files in " + cluster.directory());
      List<DatabasePair> pairs = pairs(wiring);
      DatabasePair.check(pairs);
      for (DatabasePair pair : pairs) {
        say.accept("making the replica a copy of " + JdbcUrls.location(pair.url()));
        pair.setUp();
      }
      cluster.start();
      Findings findings = torture(cluster, wiring, pairs);
      if (!cluster.stop()) {
        say.accept("not all processes stopped well");
      } else if (findings.isClean()) {
        cluster.forget();
      }
      for (DatabasePair pair : pairs) {
        pair.release();
      }
      return findings;
    }
  }

  private List<DatabasePair> pairs(Wiring wiring) {
    List<DatabasePair> pairs = new ArrayList<>();
    for (int shard = 0; shard < plan.cluster().mysqlReplicaUrls().size(); shard++) {
      int first = shard * plan.cluster().members();
      pairs.add(
          new DatabasePair(
              new MysqlServer(plan.cluster().mysqlUrls().get(shard)),
              new MysqlServer(plan.cluster().mysqlReplicaUrls().get(shard)),
              wiring.databaseWays(first, plan.cluster().members())));
    }
    return pairs;
  }

  /** Small caches, so that entries are evicted, and reads and flushes meet. */
  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    boolean large = plan.traffic().largeValues();
    settings.put("weir.cache.max-bytes", large ? "64MiB" : "8MiB");
    settings.put("weir.max-value-size", large ? "1MiB" : "64KiB");
    settings.put(
        "weir.cache.max-entries", Integer.toString(Math.max(16, plan.traffic().keys() / 2)));
    settings.put("weir.cache.stripes", "4");
    settings.put("weir.write-back.max-age", "20ms");
    settings.put("weir.write-back.max-retry-delay", "500ms");
    settings.put("weir.database.socket-timeout", "10s");
    settings.put("springdoc.api-docs.enabled", "false");
    settings.put("springdoc.swagger-ui.enabled", "false");
    if (plan.faults().kinds().contains(Fault.DATABASE_FAILOVER)) {
      settings.put(TorturePlan.SETTLE, TorturePlan.USUAL_SETTLE);
    }
    settings.putAll(plan.cluster().settings());
    return settings;
  }

  private Findings torture(LocalCluster cluster, Wiring wiring, List<DatabasePair> pairs)
      throws InterruptedException, SQLException {
    Key[] keys = new Key[plan.traffic().keys()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Key.of(PREFIX + i);
    }
    AtomicInteger values = new AtomicInteger();
    List<TortureClient> recorders = new ArrayList<>();
    Counters counters = new Counters();
    Random random = new Random(plan.seed());
    Nemesis nemesis = new Nemesis(plan, cluster, wiring, pairs, new Random(random.nextLong()));
    long start = System.nanoTime();
    Recorder last;
    try (WeirClient leader = client(cluster, DEADLINE).build();
        WeirClient any = client(cluster, DEADLINE).readFrom(ReadFrom.ANY).build();
        RedisClient redis = new RedisClient(leader, DEADLINE, TIMEOUT)) {
      try (ExecutorService executor =
          Executors.newThreadPerTaskExecutor(
              Thread.ofVirtual().name("weir-torture-", 1).factory())) {
        for (int i = 0; i < plan.traffic().clients(); i++) {
          Random dice = new Random(random.nextLong());
          boolean large = plan.traffic().largeValues();
          TortureClient recorder =
              plan.traffic().door() == LoadDoor.REDIS
                  ? new RedisRecorder(redis, keys, counters, values, large, dice)
                  : new Recorder(
                      leader, plan.cluster().members() > 1 ? any : null, keys, values, large, dice);
          recorders.add(recorder);
          executor.execute(() -> work(recorder));
        }
        try {
          hurt(nemesis, start);
        } finally {
          over = true;
        }
      }
      say.accept("healing, and writing everything back");
      nemesis.heal();
      List<Integer> unflushed = cluster.flushAll();
      if (!unflushed.isEmpty()) {
        throw new IllegalStateException("shards not written back in time: " + unflushed);
      }
    }
    try (WeirClient patient = client(cluster, FINAL_DEADLINE).build()) {
      last = new Recorder(patient, null, keys, values, false, random);
      for (int key = 0; key < keys.length; key++) {
        if (last.readOnce(key) == null) {
          throw new IllegalStateException("key " + keys[key] + " cannot be read in the end");
        }
      }
      recorders.add(last);
      Map<String, byte[]> rows =
          rows(
              pairs.isEmpty()
                  ? cluster.shardUrls()
                  : pairs.stream().map(DatabasePair::url).toList());
      Counters.Verdict counted = counters.judge(KeyReader.of(patient)::read, rows);
      return judge(rows, recorders, nemesis, start, last, counted);
    }
  }

  private WeirClientBuilder client(LocalCluster cluster, Duration deadline) {
    return WeirClient.builder()
        .master(cluster.masterUrl())
        .door(plan.traffic().door().forHttp())
        .deadline(deadline)
        .readTimeout(TIMEOUT)
        .maxConnectionsPerServer(256);
  }

  private void work(TortureClient recorder) {
    while (!over) {
      if (recorder.next()) {
        succeeded.increment();
      }
      try {
        TimeUnit.NANOSECONDS.sleep(plan.traffic().thinkTime().toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void hurt(Nemesis nemesis, long start) throws InterruptedException, SQLException {
    long end = start + plan.faults().duration().toNanos();
    long nextProgress = start;
    while (!over && System.nanoTime() < end) {
      nemesis.next();
      if (System.nanoTime() > nextProgress) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        say.accept(
            String.format(
                Locale.ROOT,
                "torture %4d s of %d s, %3d faults, last %s, %,d operations",
                seconds,
                plan.faults().duration().toSeconds(),
                nemesis.timeline().size(),
                nemesis.timeline().isEmpty() ? "none" : nemesis.timeline().getLast().fault(),
                succeeded.sum()));
        nextProgress = System.nanoTime() + TimeUnit.SECONDS.toNanos(PROGRESS_SECONDS);
      }
    }
  }

  private Findings judge(
      Map<String, byte[]> rows,
      List<TortureClient> recorders,
      Nemesis nemesis,
      long start,
      Recorder finalReads,
      Counters.Verdict counted) {
    List<Operation> all = new ArrayList<>();
    long refused = 0;
    for (TortureClient recorder : recorders) {
      all.addAll(recorder.operations());
      refused += recorder.refused();
    }
    all.sort(Comparator.comparingLong(Operation::invoked));
    say.accept(
        String.format(
            Locale.ROOT, "checking %,d operations on %,d keys", all.size(), plan.traffic().keys()));
    Map<Integer, List<Operation>> byKey = new TreeMap<>();
    all.forEach(op -> byKey.computeIfAbsent(op.key(), key -> new ArrayList<>()).add(op));
    LinearizabilityChecker checker = new LinearizabilityChecker(MAX_CONFIGURATIONS);
    List<Findings.Violation> violations = new ArrayList<>();
    int undecided = 0;
    for (Map.Entry<Integer, List<Operation>> one : byKey.entrySet()) {
      LinearizabilityChecker.Result result = checker.check(one.getValue());
      switch (result.verdict()) {
        case LINEARIZABLE -> {}
        case UNDECIDED -> undecided++;
        case VIOLATION ->
            violations.add(new Findings.Violation(PREFIX + one.getKey(), result.window()));
      }
    }
    return new Findings(
        all,
        refused,
        nemesis.timeline(),
        start,
        violations,
        undecided,
        counted,
        databaseDiffers(rows, finalReads),
        nemesis.wentBack());
  }

  /** The values of all rows, by their keys. */
  private static Map<String, byte[]> rows(List<String> urls) throws SQLException {
    Map<String, byte[]> rows = new HashMap<>();
    for (String url : urls) {
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT k, v FROM kv")) {
        while (row.next()) {
          byte @Nullable [] value = row.getBytes(2);
          if (value != null) {
            rows.put(new String(row.getBytes(1), StandardCharsets.UTF_8), value);
          }
        }
      }
    }
    return rows;
  }

  /** Compares every row with what the caches answered once all was written back. */
  private static List<String> databaseDiffers(Map<String, byte[]> rows, Recorder finalReads) {
    List<String> differ = new ArrayList<>();
    for (Operation read : finalReads.operations()) {
      String key = PREFIX + read.key();
      byte[] stored = rows.get(key);
      int row = stored == null ? 0 : Recorder.number(stored);
      if (row != read.value()) {
        differ.add(
            key
                + " is "
                + name(read.value())
                + " in the caches and "
                + name(row)
                + " in the database");
      }
    }
    return differ;
  }

  static String name(int value) {
    return value == 0 ? "absent" : "value " + value;
  }
}
