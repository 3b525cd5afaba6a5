package io.weir.lab.cluster;

import io.weir.client.WeirClient;
import io.weir.client.operator.OperatorApi;
import io.weir.model.ByteSize;
import io.weir.model.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The processes that make up the cluster: a database, a master, and the cache servers of each
 * shard.
 *
 * <p>Ports follow each other: the master's, the cache servers', the database's; the journal of a
 * cache server is 1,000 above it, its fast port 2,000. Heaps are explicit and small; what is left
 * to the JVM besides (metaspace, compiled code, threads) is about 150 MiB a process.
 */
public final class Cluster {

  static final String HOST = "127.0.0.1";

  /** Of a cache server's journal to its HTTP port: the server's own default. */
  static final int RAFT_PORT_OFFSET = 1_000;

  /** Of a cache server's fast port to its HTTP port: likewise. */
  static final int FAST_PORT_OFFSET = 2_000;

  private static final String FAST_PORT = "weir.fast.enabled";

  /** Half of the server's default: three of them are to share a small machine with the rest. */
  private static final String CACHE_BYTES = "128MiB";

  private static final int DATABASE_HEAP_MIB = 256;
  private static final int MASTER_HEAP_MIB = 128;

  /** What a cache server needs besides its table. */
  private static final int CACHE_HEAP_BASE_MIB = 128;

  /** How long a server may take for an answer that waits for nothing. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static final Duration DRAIN = Duration.ofSeconds(60);

  /** What a stop takes besides: requests under way, and leaving the cluster. */
  private static final Duration STOP = Duration.ofSeconds(45);

  private final ClusterPlan plan;
  private final Installation installation;
  private final Path directory;
  private final String databasePassword;
  private final CacheWiring wiring;

  /** How cache servers reach what they talk to, where that is not straight. */
  public interface CacheWiring {

    /** Straight. */
    CacheWiring STRAIGHT =
        new CacheWiring() {
          @Override
          public String jdbcUrl(int cache, String url) {
            return url;
          }

          @Override
          public Map<String, String> settings(int cache) {
            return Map.of();
          }

          @Override
          public List<Listener> listeners(int cache) {
            return List.of();
          }

          @Override
          public List<String> jvmOptions() {
            return List.of();
          }

          @Override
          public List<Path> classPath() {
            return List.of();
          }
        };

    /** The URL by which a cache server, counted from 0, is to reach a database. */
    String jdbcUrl(int cache, String url);

    /** Further settings of a cache server. */
    Map<String, String> settings(int cache);

    /**
     * Ports of the detours of a cache server; they are free until its URL or settings are asked.
     */
    List<Listener> listeners(int cache);

    /** Further options of every service's JVM. */
    List<String> jvmOptions();

    /** Jars to be added to the cache servers' own; for tests of what is to find a fault. */
    List<Path> classPath();
  }

  /**
   * @param databasePassword of the cluster's own databases
   */
  Cluster(
      ClusterPlan plan,
      Installation installation,
      Path directory,
      String databasePassword,
      CacheWiring wiring) {
    this.plan = plan;
    this.installation = installation;
    this.directory = directory;
    this.databasePassword = databasePassword;
    this.wiring = wiring;
  }

  int members() {
    return plan.members();
  }

  String masterUrl() {
    return "http://" + HOST + ":" + plan.port();
  }

  /** What its servers are asked with beside keys. Nothing is connected before the first call. */
  OperatorApi connect() {
    return new OperatorApi(
        WeirClient.builder().master(masterUrl()).deadline(ANSWER).watch(false).build(), ANSWER);
  }

  String registryUrl() {
    return JdbcUrls.registry(databasePort(), databasePassword);
  }

  /** JDBC URLs of the shards' databases. */
  List<String> shardUrls() {
    List<String> urls = new ArrayList<>();
    for (int shard = 0; shard < plan.shards(); shard++) {
      urls.add(
          plan.mysqlUrls().isEmpty()
              ? JdbcUrls.shard(databasePort(), shard, databasePassword)
              : plan.mysqlUrls().get(shard));
    }
    return urls;
  }

  /** Names of the databases that the database process serves. */
  List<String> ownDatabases() {
    List<String> names = new ArrayList<>(List.of(JdbcUrls.REGISTRY));
    if (plan.mysqlUrls().isEmpty()) {
      for (int shard = 0; shard < plan.shards(); shard++) {
        names.add(JdbcUrls.shardName(shard));
      }
    }
    return names;
  }

  /** All of them, in the order in which they are started. */
  List<ProcessSpec> processes() {
    List<ProcessSpec> all = new ArrayList<>();
    all.add(database());
    all.add(master());
    all.addAll(caches());
    return all;
  }

  /** Every port that a process of it listens on. */
  List<Listener> listeners() {
    List<Listener> all = new ArrayList<>();
    processes().forEach(process -> all.addAll(process.listeners()));
    return all;
  }

  ProcessSpec database() {
    List<String> command = java(DATABASE_HEAP_MIB);
    command.add("-Dh2.bindAddress=" + HOST);
    command.addAll(List.of("-cp", installation.h2Jar().toString(), "org.h2.tools.Server"));
    command.addAll(List.of("-tcp", "-tcpPort", String.valueOf(databasePort())));
    command.addAll(List.of("-baseDir", directory.resolve("database").toString()));
    return new ProcessSpec(
        Role.DATABASE,
        "database",
        null,
        "tcp://" + HOST + ":" + databasePort(),
        databasePort(),
        null,
        null,
        null,
        command,
        Map.of(),
        STOP);
  }

  ProcessSpec master() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.port", String.valueOf(plan.port()));
    settings.put("server.address", HOST);
    settings.put("weir.master.shards", String.valueOf(plan.shards()));
    settings.put("weir.master.found", "true");
    settings.put("weir.data-dir", directory.resolve("master").toString());
    return new ProcessSpec(
        Role.MASTER,
        "master",
        "master",
        masterUrl(),
        plan.port(),
        null,
        null,
        registryUrl(),
        service(MASTER_HEAP_MIB, installation.masterJar(), settings),
        // Not an argument: those are shown to everybody on the machine, the account included.
        Map.of("WEIR_MASTER_DATABASE_URL", registryUrl()),
        STOP);
  }

  List<ProcessSpec> caches() {
    List<ProcessSpec> caches = new ArrayList<>();
    List<String> databases = shardUrls();
    for (int cache = 0; cache < plan.shards() * plan.members(); cache++) {
      int shard = cache / plan.members();
      caches.add(cache(cache, shard, databases.get(shard)));
    }
    return caches;
  }

  private ProcessSpec cache(int cache, int shard, String jdbcUrl) {
    String name = "cache-" + (cache + 1);
    int port = plan.port() + 1 + cache;
    String url = "http://" + HOST + ":" + port;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.address", HOST);
    settings.put("weir.cache.max-bytes", CACHE_BYTES);
    settings.put("weir.raft.members", String.valueOf(plan.members()));
    settings.put(FAST_PORT, "true");
    settings.putAll(plan.cacheSettings());
    settings.put("server.port", String.valueOf(port));
    settings.put("weir.node-id", name);
    settings.put("weir.advertise.url", url);
    settings.put("weir.master.urls", masterUrl());
    settings.put("weir.data-dir", directory.resolve(name).toString());
    settings.putAll(wiring.settings(cache));
    return new ProcessSpec(
        Role.CACHE,
        name,
        name,
        url,
        port,
        Boolean.parseBoolean(settings.get(FAST_PORT)) ? port + FAST_PORT_OFFSET : null,
        shard,
        jdbcUrl,
        cacheService(settings),
        Map.of("WEIR_DATABASE_URL", wiring.jdbcUrl(cache, jdbcUrl)),
        drainTimeout().plus(STOP));
  }

  private int databasePort() {
    return plan.port() + plan.shards() * plan.members() + 1;
  }

  private List<String> cacheService(Map<String, String> settings) {
    List<Path> more = wiring.classPath();
    if (more.isEmpty()) {
      return service(cacheHeapMib(settings), installation.cacheJar(), settings);
    }
    List<String> command = java(cacheHeapMib(settings));
    command.add(
        "-Dloader.path=" + more.stream().map(Path::toString).collect(Collectors.joining(",")));
    command.addAll(List.of("-cp", installation.cacheJar().toString()));
    command.add("org.springframework.boot.loader.launch.PropertiesLauncher");
    settings.forEach((name, value) -> command.add("--" + name + "=" + value));
    return command;
  }

  private List<String> service(int heapMib, Path jar, Map<String, String> settings) {
    List<String> command = java(heapMib);
    command.addAll(List.of("-jar", jar.toString()));
    settings.forEach((name, value) -> command.add("--" + name + "=" + value));
    return command;
  }

  private List<String> java(int heapMib) {
    List<String> command =
        new ArrayList<>(
            List.of(
                installation.java().toString(),
                "-Xmx" + heapMib + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    List<String> more = wiring.jvmOptions();
    if (more.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
      command.add(2, "-XX:+UseSerialGC");
    }
    command.addAll(more);
    return command;
  }

  /** The table has to fit into the old generation, two thirds of the heap. */
  private static int cacheHeapMib(Map<String, String> settings) {
    long table = size(settings.getOrDefault("weir.cache.max-bytes", CACHE_BYTES)).bytes() >> 20;
    return Math.toIntExact(CACHE_HEAP_BASE_MIB + table * 3 / 2);
  }

  private static ByteSize size(String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--set weir.cache.max-bytes: " + e.getMessage(), e);
    }
  }

  private Duration drainTimeout() {
    String given = plan.cacheSettings().get("weir.write-back.drain-timeout");
    try {
      return given == null ? DRAIN : Durations.parse(given);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--set weir.write-back.drain-timeout: " + e.getMessage(), e);
    }
  }
}
