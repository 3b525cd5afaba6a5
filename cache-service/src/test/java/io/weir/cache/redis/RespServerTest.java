package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.weir.model.Key;
import io.weir.testing.RespClient;
import io.weir.testing.RespClient.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over sockets, with replies that come from other threads. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RespServerTest {

  private final RespFixture fixture = new RespFixture();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RespServer server = new RespServer(fixture.door(threads));
  private volatile boolean over;

  @AfterEach
  void stop() {
    over = true;
    server.close();
    threads.shutdownNow();
  }

  /** Acknowledges writes, many at a time, as the journal does, until the test is over. */
  private void acknowledge() {
    var _ =
        threads.submit(() -> {
          List<FakeEntries.Write> batch = new ArrayList<>();
          while (!over) {
            while (!fixture.entries.writes.isEmpty()) {
              batch.add(fixture.entries.apply());
            }
            batch.forEach(write -> write.done().written(FakeEntries.WRITTEN));
            batch.forEach(write -> write.done().bulk().told());
            batch.clear();
            LockSupport.parkNanos(10_000);
          }
        });
  }

  @Test
  void tenThousandWritesInARowAreAnswered() throws Exception {
    acknowledge();
    try (RespClient client = new RespClient(server.port())) {
      int count = 10_000;
      Future<?> sent =
          threads.submit(() -> {
            for (int i = 0; i < count; i++) {
              client.send("SET", "key-" + i % 100, "value-" + i);
            }
            client.send("GET", "key-99");
            return null;
          });
      for (int i = 0; i < count; i++) {
        assertThat(client.read()).isEqualTo("OK");
      }
      assertThat(client.read()).isEqualTo("value-9999");
      sent.get();
    }
  }

  @Test
  void manyConnectionsSeeTheirOwnWrites() throws Exception {
    acknowledge();
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String own = "own-" + i + "-";
      clients.add(threads.submit(() -> writesAndReads(own)));
    }
    for (Future<?> each : clients) {
      each.get();
    }
    await().untilAsserted(() -> assertThat(fixture.rooms.taken).isZero());
  }

  /** What one client does, some of it at once. */
  private @Nullable Void writesAndReads(String own) throws IOException {
    Random random = new Random(own.hashCode());
    try (RespClient client = new RespClient(server.port())) {
      for (int round = 0; round < 200; round++) {
        List<Object> expected = new ArrayList<>();
        StringBuilder requests = new StringBuilder();
        int count = 1 + random.nextInt(20);
        String key = own + random.nextInt(3);
        for (int i = 0; i < count; i++) {
          String value = round + "-" + i;
          switch (random.nextInt(4)) {
            case 0 -> {
              requests.append(request("SET", key, value)).append(request("GET", key));
              expected.add("OK");
              expected.add(value);
            }
            case 1 -> {
              requests.append(request("SET", key, "x")).append(request("SET", key, value));
              requests.append(request("GET", key));
              expected.addAll(List.of("OK", "OK", value));
            }
            case 2 -> {
              requests.append(request("ELSEWHERE", value));
              expected.add(value);
            }
            default -> {
              requests.append(request("PING", value));
              expected.add(value);
            }
          }
        }
        client.write(requests.toString());
        for (Object each : expected) {
          assertThat(client.read()).isEqualTo(each);
        }
      }
    }
    return null;
  }

  private static String request(String... words) {
    return new String(RespClient.encode(words), ISO_8859_1);
  }

  @Test
  void whoSendsNothingMoreGetsAllReplies() throws Exception {
    try (RespClient client = new RespClient(server.port())) {
      client.write(request("SET", "k", "v") + request("ELSEWHERE", "e") + request("GET", "k"));
      client.endOutput();
      await().until(() -> !fixture.entries.writes.isEmpty());
      fixture.entries.acknowledge();
      assertThat(client.readAll()).isEqualTo("+OK\r\n$1\r\ne\r\n$1\r\nv\r\n");
    }
  }

  @Test
  void whoQuitsIsLetGo() throws Exception {
    try (RespClient client = new RespClient(server.port())) {
      client.write(request("PING") + request("QUIT") + request("PING"));
      assertThat(client.readAll()).isEqualTo("+PONG\r\n+OK\r\n");
    }
  }

  @Test
  void aServerThatStopsAnswersWhatHasComeAndNothingMore() throws Exception {
    RespDoor draining = fixture.door(threads);
    List<Channel> channels = new CopyOnWriteArrayList<>();
    try (RespServer stopping = new RespServer(draining, channels::add);
        RespClient client = new RespClient(stopping.port());
        RespClient idle = new RespClient(stopping.port())) {
      assertThat(idle.call("PING")).isEqualTo("PONG");
      client.write(request("SET", "k", "v") + request("GET", "k"));
      await().until(() -> fixture.entries.writes.size() == 1 && channels.size() == 2);
      channels.forEach(each ->
          each.eventLoop()
              .execute(() -> each.pipeline().fireUserEventTriggered(Draining.DRAINING)));
      assertThat(idle.readAll()).isEmpty();
      fixture.entries.acknowledge();
      assertThat(client.readAll()).isEqualTo("+OK\r\n$1\r\nv\r\n");
    }
  }

  @Test
  void aBrokenRequestIsToldThoughMuchMoreIsSent() throws Exception {
    try (RespClient client = new RespClient(server.port())) {
      client.write("*1\r\n*1\r\n" + "x".repeat(200_000));
      assertThat(client.read()).isEqualTo(new Failure("ERR Protocol error: expected '$', got '*'"));
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void aHugeLengthAndManyOfThemTakeNothing() throws Exception {
    List<RespClient> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RespClient client = new RespClient(server.port());
      client.write("*65536\r\n$500000000\r\nx");
      clients.add(client);
    }
    try (RespClient client = new RespClient(server.port())) {
      assertThat(client.call("PING")).isEqualTo("PONG");
    }
    assertThat(fixture.rooms.taken).isZero();
    for (RespClient each : clients) {
      each.close();
    }
  }

  @Test
  void whoReadsNothingIsNotReadFrom() throws Exception {
    fixture.entries.put("large", "x".repeat(60_000));
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    try (RespClient client = new RespClient(socket)) {
      int count = 2_000;
      Future<?> sent =
          threads.submit(() -> {
            for (int i = 0; i < count; i++) {
              client.send("GET", "large");
            }
            return null;
          });
      await()
          .during(Duration.ofMillis(300))
          .until(() -> fixture.meters.all.size() < 40 && fixture.rooms.most < 1 << 20);
      for (int i = 0; i < count; i++) {
        assertThat(client.read()).asString().hasSize(60_000);
      }
      sent.get();
    }
    await().untilAsserted(() -> assertThat(fixture.rooms.taken).isZero());
  }

  @Test
  void whoNeverReadsIsCutOff() throws Exception {
    fixture.entries.put("large", "x".repeat(60_000));
    RespLimits strict =
        new RespLimits(64 * 1024, 256 * 1024, 64, 4 * 1024, Duration.ofMillis(200), Duration.ZERO);
    try (RespServer hurrying = new RespServer(fixture.door(threads, strict));
        RespClient client = new RespClient(hurrying.port())) {
      var _ =
          threads.submit(() -> {
            while (!over) {
              client.send("GET", "large");
            }
            return null;
          });
      await().untilAsserted(() -> assertThat(fixture.meters.all).contains("slow-client"));
      await().untilAsserted(() -> assertThat(fixture.rooms.taken).isZero());
    }
  }

  @Test
  void aClientThatGoesTakesNobodyWithIt() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (RespClient client = new RespClient(server.port())) {
        client.write(request("SET", "k", "v").repeat(20) + request("GET", "k") + "*1\r\n$3");
      }
    }
    acknowledge();
    try (RespClient client = new RespClient(server.port())) {
      client.send("SET", "k", "v");
      assertThat(client.read()).isEqualTo("OK");
      assertThat(client.call("GET", "k")).isEqualTo("v");
    }
    await().untilAsserted(() -> assertThat(fixture.rooms.taken).isZero());
  }

  @Test
  void missesInARowAreAnsweredInARow() throws Exception {
    fixture.entries.put("k", "v");
    fixture.entries.elsewhere.add(Key.of("k"));
    try (RespClient client = new RespClient(server.port())) {
      client.write(request("GET", "k").repeat(100));
      for (int i = 0; i < 100; i++) {
        assertThat(client.read()).isEqualTo("v");
      }
    }
  }
}
