package io.weir.client;

import static io.weir.client.FakeServer.drop;
import static io.weir.client.FakeServer.movedTo;
import static io.weir.client.FakeServer.value;
import static io.weir.client.FakeServer.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.client.transport.TransportException;
import io.weir.client.transport.TransportException.Reason;
import io.weir.model.Key;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests go to the fast port while it answers, and to the HTTP port else. */
class FastPortTest {

  private static final Key KEY = Key.of("user:1");
  private static final byte[] VALUE = "Ada".getBytes(UTF_8);

  private final FakeServer http = FakeServer.start().answers(value("http"));
  private final FakeServer fast = FakeServer.start().answers(value("fast"));
  private final FakeMaster master = new FakeMaster(topology(fast.uri()));

  @AfterEach
  void close() {
    master.close();
    http.close();
    fast.close();
  }

  private Topology topology(URI fastUrl) {
    return topology(new ListedServer(new NodeId("cache-0"), http.uri(), NodeState.UP, fastUrl));
  }

  private static Topology topology(ListedServer leader, ListedServer... replicas) {
    Shard shard =
        new Shard(new ShardId(new UUID(0, 0)), SlotRange.split(1), 1, leader, List.of(replicas));
    return new Topology(1, 16_384, TopologyState.SERVING, List.of(shard), List.of(), null, null);
  }

  private static String text(WeirClient client) {
    return new String(client.get(KEY).orElseThrow().value(), UTF_8);
  }

  @Test
  void requestsOnKeysGoToTheFastPort() {
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(text(client)).isEqualTo("fast");
      fast.answers(written(9));
      client.put(KEY, VALUE);
      client.delete(KEY);
    }
    assertThat(fast.requests)
        .containsExactly("GET /kv/user:1", "PUT /kv/user:1", "DELETE /kv/user:1");
    assertThat(fast.headers.getFirst()).containsEntry("Host", List.of("127.0.0.1:" + fast.port()));
    assertThat(http.requests).isEmpty();
  }

  @Test
  void everythingElseGoesToTheHttpPort() {
    http.answers(FakeServer.plain(200, "{}"));
    try (WeirClient client = master.clientBuilder().build()) {
      client.operate(http.uri(), OperatorRequest.get("/actuator/info"), FakeMaster.DEADLINE);
    }
    assertThat(http.requests).containsExactly("GET /actuator/info");
    assertThat(fast.requests).isEmpty();
  }

  @Test
  void theHttpPortAloneIsAskedOnDemand() {
    try (WeirClient client = master.clientBuilder().door(Door.HTTP).build()) {
      assertThat(text(client)).isEqualTo("http");
    }
    assertThat(fast.requests).isEmpty();
  }

  @Test
  void aFastPortThatRefusesConnectionsIsReplacedWithinTheSameAttempt() {
    fast.close();
    http.answers(written(9));
    try (WeirClient client = master.clientBuilder().build()) {
      client.put(KEY, VALUE);
    }
    assertThat(http.requests).containsExactly("PUT /kv/user:1");
  }

  @Test
  void aReadThatAFastPortAnswersWithoutHttpIsAnsweredByTheHttpPort() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket other = speaking("-ERR no HTTP\r\n", connections)) {
      master.publish(topology(URI.create("http://127.0.0.1:" + other.getLocalPort())));
      try (WeirClient client = master.clientBuilder().build()) {
        assertThat(text(client)).isEqualTo("http");
        assertThat(text(client)).isEqualTo("http");
      }
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void aWriteThatMayHaveArrivedIsNotSentToTheOtherPort() throws IOException {
    try (ServerSocket other = speaking("-ERR no HTTP\r\n", new AtomicInteger())) {
      master.publish(topology(URI.create("http://127.0.0.1:" + other.getLocalPort())));
      http.answers(written(9));
      try (WeirClient client = master.clientBuilder().build()) {
        assertThatThrownBy(() -> client.put(KEY, VALUE))
            .isInstanceOf(AmbiguousOutcomeException.class);
        assertThat(http.requests).isEmpty();
        client.put(KEY, VALUE);
      }
    }
    assertThat(http.requests).containsExactly("PUT /kv/user:1");
  }

  @Test
  void aLostConnectionIsNoFaultOfAPortThatHasAnswered() {
    fast.answers(value("fast"), drop(), value("again"));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(text(client)).isEqualTo("fast");
      assertThat(text(client)).isEqualTo("again");
    }
    assertThat(http.requests).isEmpty();
  }

  @Test
  void aPortThatHasNeverAnsweredIsLeftAfterALostConnection() {
    fast.answers(drop());
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(text(client)).isEqualTo("http");
      assertThat(text(client)).isEqualTo("http");
    }
    assertThat(fast.requests).hasSize(1);
  }

  @Test
  void theLeaderThatAServerNamesIsAskedAtItsFastPort() {
    FakeServer secondHttp = FakeServer.start().answers(value("second http"));
    FakeServer secondFast = FakeServer.start().answers(value("second fast"));
    try (secondHttp;
        secondFast;
        WeirClient client = master.clientBuilder().build()) {
      master.publish(
          topology(
              new ListedServer(new NodeId("cache-0"), http.uri(), NodeState.UP, fast.uri()),
              new ListedServer(
                  new NodeId("cache-1"), secondHttp.uri(), NodeState.UP, secondFast.uri())));
      fast.answers(movedTo(secondHttp, 2, 2));
      assertThat(text(client)).isEqualTo("second fast");
    }
  }

  @Test
  void aPortThatNothingMayBeSentToIsLeft() {
    TransportException inTheClear =
        new TransportException(Reason.UNREACHABLE, false, "nothing is sent there");
    Doors doors = new Doors(Door.FAST);
    assertThat(doors.failed(fast.address(), inTheClear)).isTrue();
    assertThat(doors.isOpen(fast.address())).isFalse();
  }

  @Test
  void oneRequestTriesAPortAgainThatWasLeft() {
    AtomicLong now = new AtomicLong();
    Doors doors = new Doors(Door.FAST, now::get);
    doors.answered(fast.address());
    doors.failed(
        fast.address(), new TransportException(Reason.UNREACHABLE, false, "connection refused"));
    doors.answeredInstead(fast.address());
    now.addAndGet(Doors.AWAY.minus(Duration.ofNanos(1)).toNanos());
    assertThat(doors.isOpen(fast.address())).isFalse();
    now.addAndGet(1);
    assertThat(doors.isOpen(fast.address())).isTrue();
    assertThat(doors.isOpen(fast.address())).isFalse();
    doors.answered(fast.address());
    assertThat(doors.isOpen(fast.address())).isTrue();
  }

  @Test
  void whatAClientLacksIsNoFaultOfThePort() {
    Doors doors = new Doors(Door.FAST);
    assertThat(
            doors.failed(
                fast.address(), new TransportException(Reason.POOL_EXHAUSTED, false, "busy")))
        .isFalse();
    assertThat(
            doors.failed(fast.address(), new TransportException(Reason.CANCELLED, true, "closed")))
        .isFalse();
    assertThat(doors.isOpen(fast.address())).isTrue();
  }

  /** Something that takes connections, and answers each request with this. */
  private static ServerSocket speaking(String text, AtomicInteger connections) throws IOException {
    ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
              connections.incrementAndGet();
              int _ = socket.getInputStream().read(new byte[1_024]);
              socket.getOutputStream().write(text.getBytes(UTF_8));
              socket.getOutputStream().flush();
              int _ = socket.getInputStream().read();
            } catch (IOException e) {
              // The client, or the test, has had enough.
            }
          }
        });
    return listening;
  }
}
