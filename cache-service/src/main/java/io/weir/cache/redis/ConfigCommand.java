package io.weir.cache.redis;

import io.weir.cache.engine.EngineStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code CONFIG}: what clients ask of a Redis's settings, answered as what Weir does comes closest
 * to. Nothing is changed by it: settings are given at the start.
 */
final class ConfigCommand {

  private static final Reply NO_CHANGE =
      Answer.error(
          "CONFIG SET is not supported: the settings of Weir are given at its start, see"
              + " docs/settings.md");

  private final Supplier<ClusterMap> cluster;
  private final Supplier<EngineStatistics> statistics;
  private final ServerFacts facts;

  ConfigCommand(
      Supplier<ClusterMap> cluster, Supplier<EngineStatistics> statistics, ServerFacts facts) {
    this.cluster = cluster;
    this.statistics = statistics;
    this.facts = facts;
  }

  Subcommands subcommands() {
    return new Subcommands("config")
        .answering(
            -3,
            "GET <pattern> [<pattern> ...]",
            "Return parameters matching the glob-like <pattern> and their values.",
            (r, s) -> get(r))
        .answering(
            -4,
            "SET <parameter> <value> [<parameter> <value> ...]",
            "Refused: settings are given at the start.",
            (r, s) -> NO_CHANGE)
        .answering(
            2,
            "RESETSTAT",
            "Accepted without effect: counters are of the time since the start.",
            (r, s) -> Reply.OK)
        .answering(2, "REWRITE", "Refused, as SET is.", (r, s) -> NO_CHANGE)
        .withHelp();
  }

  private Reply get(Request request) {
    List<Glob> wanted = new ArrayList<>();
    for (int at = 2; at < request.size(); at++) {
      wanted.add(Glob.ofName(request.text(at)));
    }
    List<Reply> found = new ArrayList<>();
    parameters()
        .forEach((name, value) -> {
          if (wanted.stream().anyMatch(pattern -> pattern.matches(name))) {
            found.add(Answer.bulk(name));
            found.add(Answer.bulk(value));
          }
        });
    return new Reply.Mapping(found);
  }

  private Map<String, String> parameters() {
    ClusterMap.Node self = cluster.get().self();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("appendfsync", "always");
    all.put("appendonly", "yes");
    all.put("cluster-enabled", "yes");
    all.put("cluster-require-full-coverage", "no");
    all.put("databases", "1");
    all.put("maxclients", Integer.toString(facts.maxClients()));
    all.put("maxmemory", Long.toString(statistics.get().memory().maxBytes()));
    all.put("maxmemory-policy", facts.evictionPolicy());
    all.put("notify-keyspace-events", "");
    all.put("port", self.isEncrypted() ? "0" : Integer.toString(self.port()));
    all.put("proto-max-bulk-len", Integer.toString(facts.maxValueBytes()));
    all.put("replica-read-only", "yes");
    all.put("save", "");
    all.put("slave-read-only", "yes");
    all.put("timeout", "0");
    all.put("tls-port", self.isEncrypted() ? Integer.toString(self.port()) : "0");
    return all;
  }
}
