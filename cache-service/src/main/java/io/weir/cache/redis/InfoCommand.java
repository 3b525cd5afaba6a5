package io.weir.cache.redis;

import io.weir.cache.engine.EngineStatistics;
import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Part;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code INFO}: this server in the words that clients and monitors of Redis look for.
 *
 * <p>What has no counterpart is left out rather than made up. Memory and keys are those that are
 * resident; the database has more.
 */
final class InfoCommand implements Answer {

  private static final Set<String> EVERY_SECTION = Set.of("all", "default", "everything");
  private static final String[] UNITS = {"B", "K", "M", "G", "T"};
  private static final double STEP = 1_024;

  private final Supplier<ClusterMap> cluster;
  private final Supplier<EngineStatistics> statistics;
  private final Connections connections;
  private final ServerFacts facts;
  private final JournalOffset offset;
  private final Clock clock;
  private final Map<String, Section> sections = new LinkedHashMap<>();

  private interface Section {
    void write(Lines lines);
  }

  /** The lines of one section. */
  private static final class Lines {

    private final StringBuilder text = new StringBuilder();

    Lines add(String name, Object value) {
      text.append(name).append(':').append(value).append("\r\n");
      return this;
    }
  }

  InfoCommand(
      Supplier<ClusterMap> cluster,
      Supplier<EngineStatistics> statistics,
      Connections connections,
      ServerFacts facts,
      JournalOffset offset,
      Clock clock) {
    this.cluster = cluster;
    this.statistics = statistics;
    this.connections = connections;
    this.facts = facts;
    this.offset = offset;
    this.clock = clock;
    sections.put("Server", this::server);
    sections.put("Clients", this::clients);
    sections.put("Memory", this::memory);
    sections.put("Persistence", this::persistence);
    sections.put("Stats", this::stats);
    sections.put("Replication", this::replication);
    sections.put("Cluster", lines -> lines.add("cluster_enabled", 1));
    sections.put("Keyspace", this::keyspace);
  }

  @Override
  public Reply to(Request request, Session session) {
    Set<String> asked = new TreeSet<>();
    for (int at = 1; at < request.size(); at++) {
      asked.add(request.text(at).toLowerCase(Locale.ROOT));
    }
    boolean all = asked.isEmpty() || asked.stream().anyMatch(EVERY_SECTION::contains);
    return new Reply.Verbatim(
        sections.entrySet().stream()
            .filter(each -> all || asked.contains(each.getKey().toLowerCase(Locale.ROOT)))
            .map(each -> {
              Lines lines = new Lines();
              each.getValue().write(lines);
              return "# " + each.getKey() + "\r\n" + lines.text;
            })
            .collect(Collectors.joining("\r\n")));
  }

  private void server(Lines lines) {
    Duration up = Duration.between(facts.startedAt(), clock.instant());
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    Node self = cluster.get().self();
    lines
        .add("redis_version", ServerFacts.REDIS_VERSION)
        .add("redis_git_sha1", "00000000")
        .add("redis_git_dirty", 0)
        .add("redis_mode", "cluster")
        .add("weir_version", facts.version())
        .add("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .add("arch_bits", 64)
        .add("process_id", ProcessHandle.current().pid())
        .add("run_id", self.name())
        .add("tcp_port", self.port())
        .add("server_time_usec", micros)
        .add("uptime_in_seconds", Math.max(0, up.toSeconds()))
        .add("uptime_in_days", Math.max(0, up.toDays()));
  }

  private void clients(Lines lines) {
    lines
        .add("connected_clients", connections.open().size())
        .add("cluster_connections", 0)
        .add("maxclients", facts.maxClients())
        .add("blocked_clients", 0);
  }

  private void memory(Lines lines) {
    long bytes = statistics.get().memory().bytes();
    long most = statistics.get().memory().maxBytes();
    lines
        .add("used_memory", bytes)
        .add("used_memory_human", human(bytes))
        .add("used_memory_dataset", bytes)
        .add("maxmemory", most)
        .add("maxmemory_human", human(most))
        .add("maxmemory_policy", facts.evictionPolicy());
  }

  private static String human(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= STEP && unit < UNITS.length - 1) {
      amount /= STEP;
      unit++;
    }
    return unit == 0 ? bytes + "B" : String.format(Locale.ROOT, "%.2f%s", amount, UNITS[unit]);
  }

  private void persistence(Lines lines) {
    EngineStatistics now = statistics.get();
    lines
        .add("loading", 0)
        .add("async_loading", 0)
        .add("rdb_changes_since_last_save", now.dirty().entries())
        .add("rdb_bgsave_in_progress", 0)
        .add("aof_enabled", 1)
        .add("aof_rewrite_in_progress", 0)
        .add("weir_dirty_entries", now.dirty().entries())
        .add("weir_dirty_bytes", now.dirty().bytes())
        .add("weir_quarantined_entries", now.dirty().quarantinedEntries());
  }

  private void stats(Lines lines) {
    EngineStatistics now = statistics.get();
    lines
        .add("total_connections_received", connections.opened())
        .add("total_commands_processed", connections.commands())
        .add("evicted_keys", now.memory().evictions())
        .add("keyspace_hits", now.reads().hits())
        .add("keyspace_misses", now.reads().misses())
        .add("pubsub_channels", 0)
        .add("pubsub_patterns", 0);
  }

  private void replication(Lines lines) {
    ClusterMap map = cluster.get();
    Part own = map.own();
    long at = offset.applied();
    boolean master = map.leads() || own == null;
    lines.add("role", master ? "master" : "slave");
    List<Node> replicas = new ArrayList<>();
    if (own != null && master) {
      own.others().stream().filter(Node::isUp).forEach(replicas::add);
    } else if (own != null) {
      lines
          .add("master_host", own.listed().host())
          .add("master_port", own.listed().port())
          .add("master_link_status", own.leader() == null ? "down" : "up")
          .add("master_sync_in_progress", 0)
          .add("slave_repl_offset", at)
          .add("slave_read_only", 1);
    }
    lines.add("connected_slaves", replicas.size());
    for (int i = 0; i < replicas.size(); i++) {
      Node one = replicas.get(i);
      lines.add(
          "slave" + i,
          "ip=" + one.host() + ",port=" + one.port() + ",state=online,offset=" + at + ",lag=0");
    }
    lines
        .add("master_failover_state", "no-failover")
        .add("master_replid", own == null ? map.self().name() : own.listed().name())
        .add("master_repl_offset", at)
        .add("second_repl_offset", -1)
        .add("repl_backlog_active", 0);
  }

  private void keyspace(Lines lines) {
    long keys = statistics.get().memory().entries();
    if (keys > 0) {
      lines.add("db0", "keys=" + keys + ",expires=0,avg_ttl=0");
    }
  }
}
