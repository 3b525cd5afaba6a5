package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code INFO}, {@code CONFIG} and {@code COMMAND}. */
class ServerCommandsTest {

  private final ServerFixture server = new ServerFixture();

  @Test
  void infoHasWhatClientsLookFor() {
    assertThat(server.told("info"))
        .startsWith("# Server\r\nredis_version:7.2.0\r\n")
        .contains(
            "redis_mode:cluster\r\n",
            "weir_version:1.2.3\r\n",
            "arch_bits:64\r\n",
            "tcp_port:9401\r\n",
            "uptime_in_seconds:90000\r\nuptime_in_days:1\r\n",
            "\r\n\r\n# Clients\r\nconnected_clients:1\r\n",
            "maxclients:100\r\n",
            "used_memory:1536\r\nused_memory_human:1.50K\r\n",
            "maxmemory:1048576\r\nmaxmemory_human:1.00M\r\n",
            "loading:0\r\n",
            "rdb_changes_since_last_save:4\r\n",
            "total_connections_received:11\r\ntotal_commands_processed:12\r\n",
            "evicted_keys:23\r\nkeyspace_hits:21\r\nkeyspace_misses:22\r\n",
            "role:master\r\nconnected_slaves:1\r\n"
                + "slave0:ip=b.example,port=9401,state=online,offset=42,lag=0\r\n",
            "master_repl_offset:42\r\n",
            "cluster_enabled:1\r\n")
        .endsWith("# Keyspace\r\ndb0:keys=5,expires=0,avg_ttl=0\r\n");
  }

  @Test
  void infoGivesTheSectionsThatAreAskedFor() {
    assertThat(server.told("info CLUSTER keyspace"))
        .isEqualTo(
            "# Cluster\r\ncluster_enabled:1\r\n\r\n# Keyspace\r\ndb0:keys=5,expires=0,avg_ttl=0\r\n");
    assertThat(server.told("info nothing")).isEmpty();
    assertThat(server.told("info everything")).isEqualTo(server.told("info"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config get save|{save }",
        "config get APPENDONLY|{appendonly yes}",
        "config get *-only databases|{databases 1 replica-read-only yes slave-read-only yes}",
        "config get maxmemor?|{maxmemory 1048576}",
        "config get maxmemory-policy timeout|{maxmemory-policy allkeys-lru timeout 0}",
        "config get proto-max-bulk-len|{proto-max-bulk-len 1048576}",
        "config get requirepass|{}",
        "config get|-ERR wrong number of arguments for 'config:get' command",
        "config set save x|-ERR CONFIG SET is not supported: the settings of Weir are given at its start, see docs/settings.md",
        "config resetstat|+OK",
        "config other|-ERR unknown subcommand 'other'. Try CONFIG HELP.",
      })
  void configIsAsCloseAsItGets(String words, String reply) {
    assertThat(server.told(words)).isEqualTo(reply.replace("config:get", "config|get"));
  }

  @Test
  void aPatternOfManyStarsIsReadInATimeThatEnds() {
    assertThat(server.told("config get " + "*a".repeat(1_000) + "*")).isEqualTo("{}");
  }

  @Test
  void anEntryOfCommandHasTenElements() {
    assertThat(server.told("command info get mset nothing ping"))
        .isEqualTo(
            "[[get 2 (+readonly) 1 1 1 (+@read) []"
                + " [{flags (+RO +access) begin_search {type index spec {index 1}}"
                + " find_keys {type range spec {lastkey 0 keystep 1 limit 0}}}] []]"
                + " [mset -3 (+write) 1 -1 2 (+@write)"
                + " [request_policy:multi_shard response_policy:all_succeeded]"
                + " [{flags (+RW +access +update) begin_search {type index spec {index 1}}"
                + " find_keys {type range spec {lastkey -1 keystep 2 limit 0}}}] []]"
                + " nil"
                + " [ping -1 (+loading +stale +fast) 0 0 0 (+@connection)"
                + " [request_policy:all_shards response_policy:all_succeeded] [] []]]");
  }

  @Test
  void commandTellsOfAllThatIsNotRefused() {
    List<Reply> all = ((Reply.Array) server.ask("command")).elements();
    assertThat(server.told("command count")).isEqualTo(Integer.toString(all.size()));
    assertThat(server.told("command list"))
        .contains("get", "hello", "command")
        .doesNotContain("multi");
    assertThat(server.told("command list filterby pattern m*")).isEqualTo("[mset]");
    assertThat(server.told("command list filterby aclcat READ")).isEqualTo("[get]");
    assertThat(server.told("command list filterby module x")).isEqualTo("[]");
    assertThat(server.told("command list filterby x y")).isEqualTo("-ERR syntax error");
    assertThat(server.told("command info"))
        .isEqualTo(server.told("command"))
        .contains("[client|setname 3 (+loading +stale +fast) 0 0 0 (+@connection) [] [] []]")
        .contains("[command|getkeys -3 ");
    assertThat(server.told("command docs get nothing"))
        .isEqualTo("{get {summary As Redis 7.2 documents GET. group generic}}");
    assertThat(((Reply.Mapping) server.ask("command docs")).keysAndValues())
        .hasSize(2 * all.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "command getkeys get a|[a]",
        "command getkeys MSET a 1 b 2|[a b]",
        "command getkeys ping|-ERR The command has no key arguments",
        "command getkeys get|-ERR Invalid number of arguments specified for command",
        "command getkeys nothing x|-ERR Invalid command specified",
        "command other|-ERR unknown subcommand 'other'. Try COMMAND HELP.",
      })
  void theKeysOfACommandAreFound(String words, String reply) {
    assertThat(server.told(words)).isEqualTo(reply);
  }

  @Test
  void aSubcommandIsRepeatedInPartAlone() {
    assertThat(server.told("client " + "x".repeat(1_000)))
        .isEqualTo("-ERR unknown subcommand '" + "x".repeat(128) + "'. Try CLIENT HELP.");
  }

  @Test
  void noNameIsTwiceThere() {
    assertThat(server.commands()).extracting(CommandSpec::name).doesNotHaveDuplicates();
    assertThat(server.commands())
        .allSatisfy(
            spec -> assertThat(spec.name()).isEqualTo(spec.name().toLowerCase(Locale.ROOT)));
  }
}
