package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Part;
import io.weir.cache.redis.ClusterMap.Standing;
import io.weir.model.HashSlots;
import io.weir.model.NodeId;
import io.weir.model.SlotRange;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterCommandsTest {

  private static final String A = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8";
  private static final String B = "e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98";
  private static final String C = "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4";
  private static final String D = "3c363836cf4e16666669a25da280a1865c2d2874";
  private static final String E = "58e6b3a414a1e090dfc6029add0f3555ccba127f";

  private final ServerFixture server = new ServerFixture();

  /** What nobody owns is listed under the server that tells, so that clients find no hole. */
  @Test
  void nodesIsALineAServer() {
    assertThat(server.told("cluster nodes"))
        .isEqualTo(
            A
                + " a.example:9401@9401 myself,master - 0 0 7 connected 0-5460 10923-16383\n"
                + B
                + " b.example:9401@9401 slave "
                + A
                + " 0 0 7 connected\n"
                + E
                + " e.example:9401@9401 slave,fail? "
                + A
                + " 0 0 7 disconnected\n"
                + C
                + " c.example:9401@9401 master,fail? - 0 0 7 disconnected 5461-10922\n"
                + D
                + " d.example:9401@9401 slave "
                + C
                + " 0 0 7 connected\n");
  }

  @Test
  void slotsCoversAllOfThemAndListsReplicasThatAreUp() {
    String a = "[a.example 9401 " + A + " []]";
    String b = "[b.example 9401 " + B + " []]";
    assertThat(server.told("cluster slots"))
        .isEqualTo(
            "[[0 5460 "
                + a
                + " "
                + b
                + "] [10923 16383 "
                + a
                + " "
                + b
                + "]"
                + " [5461 10922 [c.example 9401 "
                + C
                + " []] [d.example 9401 "
                + D
                + " []]]]");
  }

  @Test
  void shardsHasTheHealthOfEach() {
    assertThat(server.told("cluster shards"))
        .isEqualTo(
            "[{slots [0 5460 10923 16383] nodes ["
                + shardNode(A, "a", "master", "online")
                + " "
                + shardNode(B, "b", "replica", "online")
                + " "
                + shardNode(E, "e", "replica", "failed")
                + "]} {slots [5461 10922] nodes ["
                + shardNode(C, "c", "master", "failed")
                + " "
                + shardNode(D, "d", "replica", "online")
                + "]}]");
  }

  private static String shardNode(String id, String name, String role, String health) {
    return "{id %s port 9401 ip %s.example endpoint %s.example role %s replication-offset 42 health %s}"
        .formatted(id, name, name, role, health);
  }

  @Test
  void infoCountsTheSlots() {
    assertThat(server.told("cluster info"))
        .contains(
            "cluster_state:fail\r\n",
            "cluster_slots_assigned:10923\r\n",
            "cluster_slots_ok:5461\r\n",
            "cluster_slots_pfail:5462\r\n",
            "cluster_slots_fail:0\r\n",
            "cluster_known_nodes:5\r\n",
            "cluster_size:2\r\n",
            "cluster_current_epoch:7\r\n");
  }

  @Test
  void aShardWithoutALeaderDoesNotKeepClientsFromTheOthers() {
    Node a = ServerFixture.node("a", true);
    Node c = ServerFixture.node("c", false);
    server.map =
        new ClusterMap(
            8,
            a,
            true,
            true,
            List.of(
                new Part(List.of(new SlotRange(0, 99)), true, Standing.LED, a, a, List.of()),
                new Part(
                    List.of(new SlotRange(100, 16383)),
                    false,
                    Standing.UNLED,
                    null,
                    c,
                    List.of())));
    assertThat(server.told("cluster info"))
        .contains("cluster_state:ok", "cluster_slots_ok:100\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster myid|86f7e437faa5a7fce15d1ddcb9eaeaea377667b8",
        "cluster keyslot user:1|10778",
        "cluster keyslot {user:1}.name|10778",
        "cluster countkeysinslot 5|0",
        "cluster countkeysinslot 16384|-ERR Invalid slot",
        "cluster countkeysinslot x|-ERR Invalid slot",
        "cluster countkeysinslot 5461|-CLUSTERDOWN The cluster is down",
        "cluster getkeysinslot 5 10|[]",
        "cluster getkeysinslot 5 -1|-ERR Invalid slot or number of keys",
        "cluster links|-ERR unknown subcommand 'links'. Try CLUSTER HELP.",
        "cluster meet a b|-ERR unknown subcommand 'meet'. Try CLUSTER HELP.",
      })
  void theOthersAnswerAsInRedis(String words, String reply) {
    assertThat(server.told(words)).isEqualTo(reply);
  }

  @Test
  void whoMayNotReadIsToldNoKeys() {
    server.client.reads = false;
    assertThat(server.told("cluster getkeysinslot 5 10")).startsWith("-NOPERM");
    assertThat(server.told("cluster countkeysinslot 5")).startsWith("-NOPERM");
  }

  @Test
  void aReplicaNamesItsMaster() {
    Node a = ServerFixture.node("a", true);
    Node b = ServerFixture.node("b", true);
    server.map = new ClusterMap(9, a, true, false, List.of(all(Standing.LED, b, b, a)));
    assertThat(server.told("role")).isEqualTo("[slave b.example 9401 connected 42]");
    assertThat(server.told("hello")).contains("role replica");
    assertThat(server.told("info replication"))
        .contains("role:slave\r\n", "master_host:b.example", "master_link_status:up");
    assertThat(server.told("cluster nodes")).contains(A + " a.example:9401@9401 myself,slave " + B);
    server.map = new ClusterMap(9, a, true, false, List.of(all(Standing.UNLED, null, b, a)));
    assertThat(server.told("role")).isEqualTo("[slave b.example 9401 connect 42]");
    assertThat(server.told("info replication")).contains("master_link_status:down");
  }

  private static Part all(
      Standing standing, @org.jspecify.annotations.Nullable Node leader, Node listed, Node other) {
    return new Part(
        List.of(new SlotRange(0, HashSlots.COUNT - 1)),
        true,
        standing,
        leader,
        listed,
        List.of(other));
  }

  @Test
  void aSpareIsAMasterWithoutSlots() {
    Node a = ServerFixture.node("a", true);
    Node b = ServerFixture.node("b", true);
    server.map =
        new ClusterMap(
            9,
            a,
            true,
            true,
            List.of(
                new Part(
                    List.of(new SlotRange(0, HashSlots.COUNT - 1)),
                    false,
                    Standing.LED,
                    b,
                    b,
                    List.of())));
    assertThat(server.told("cluster nodes"))
        .isEqualTo(
            B
                + " b.example:9401@9401 master - 0 0 9 connected 0-16383\n"
                + A
                + " a.example:9401@9401 myself,master - 0 0 9 connected\n");
    assertThat(server.told("role")).isEqualTo("[master 42 []]");
  }

  @Test
  void anAddressIsWrittenTheSameEverywhere() {
    Node six = Node.of(new NodeId("a"), URI.create("https://[fd00::5]:9401"), true);
    server.map =
        new ClusterMap(
            9,
            six,
            true,
            true,
            List.of(
                new Part(
                    List.of(new SlotRange(0, HashSlots.COUNT - 1)),
                    true,
                    Standing.LED,
                    six,
                    six,
                    List.of())));
    assertThat(server.told("cluster nodes")).contains(" fd00::5:9401@9401 myself,master ");
    assertThat(server.told("cluster slots")).contains("[fd00::5 9401 ");
    assertThat(server.told("cluster shards")).contains("tls-port 9401 ip fd00::5");
    assertThat(six.address()).isEqualTo("fd00::5:9401");
  }
}
