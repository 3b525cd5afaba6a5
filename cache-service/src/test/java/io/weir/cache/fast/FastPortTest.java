package io.weir.cache.fast;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.cache.redis.Draining;
import io.weir.testing.RawHttp;
import io.weir.web.StartupRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port without the protocols: each connection is told which one it was taken for. */
class FastPortTest {

  private final PortMeters meters = new PortMeters();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private FastPort port = port(0, 100, Duration.ofSeconds(60));

  /** Sends its name and what has come; of {@code hold} it sends nothing and does not close. */
  private static final class Named extends ChannelInboundHandlerAdapter {

    private final String name;
    private boolean owes;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      String text = bytes.toString(US_ASCII);
      bytes.release();
      if (text.startsWith("*hold")) {
        owes = true;
        return;
      }
      answer(context, name + ":" + text);
    }

    private static void answer(ChannelHandlerContext context, String text) {
      context
          .writeAndFlush(context.alloc().buffer().writeBytes(text.getBytes(US_ASCII)))
          .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == Draining.DRAINING && owes) {
        answer(context, "drained");
      } else if (event == Draining.DRAINING) {
        var _ = context.close();
      }
    }
  }

  private FastPort port(int number, int maxConnections, Duration silence) {
    return new FastPort(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), number),
        null,
        new Sniffer.Protocols(loop -> new Named("http"), () -> new Named("resp")),
        new Timeouts(silence, silence),
        maxConnections,
        meters,
        registry);
  }

  @AfterEach
  void stop() {
    port.stop();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.0\r\n",
        "x HTTP/1.9\n",
        "GET /kv/a HTTP/1.1\r\nHost: localhost\r\n\r\n"
      })
  void aFirstLineThatEndsInAVersionIsHttp(String sent) throws IOException {
    port.start();
    assertThat(answer(sent)).isEqualTo("http:" + sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*1\r\n$4\r\nPING\r\n", "*", "PING\r\n", "get a\n", "GET / HTTP/2.0\r\n", "A\n"})
  void anArrayAndAnyOtherFirstLineIsRedis(String sent) throws IOException {
    port.start();
    assertThat(answer(sent)).isEqualTo("resp:" + sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0016\u0003\u0001", "\r\nGET / HTTP/1.1\r\n", "$4\r\n", "\u0000", "1"})
  void anythingElseIsClosed(String sent) throws IOException {
    port.start();
    assertThat(answer(sent)).isEmpty();
    assertThat(refused("unknown-protocol")).isEqualTo(1);
  }

  @Test
  void aLongLineCanOnlyBeHttp() throws IOException {
    port.start();
    String line = "GET /" + "x".repeat(Sniffer.LONGEST_INLINE);
    assertThat(answer(line)).isEqualTo("http:" + line);
    assertThat(answer("GET " + "x".repeat(Sniffer.LONGEST_INLINE - 6) + "\r\n"))
        .startsWith("resp:");
    assertThat(answer("GET " + "x".repeat(Sniffer.LONGEST_INLINE - 5) + "\r\n")).isEmpty();
  }

  @Test
  void whatComesInPiecesIsDecidedOnceTheFirstLineIsThere() throws IOException {
    port.start();
    try (RawHttp connection = new RawHttp(port.port())) {
      for (char each : "GET / HTTP/1.1\r\n".toCharArray()) {
        connection.write(String.valueOf(each));
      }
      assertThat(connection.readAll()).isEqualTo("http:GET / HTTP/1.1\r\n");
    }
    await().until(() -> open("http") == 0);
    assertThat(open("undecided")).isZero();
  }

  @Test
  void whoSaysNothingIsClosed() throws IOException {
    port = port(0, 100, Duration.ofMillis(300));
    port.start();
    try (RawHttp silent = new RawHttp(port.port());
        RawHttp half = new RawHttp(port.port())) {
      half.write("GET / HT");
      assertThat(silent.readAll()).isEmpty();
      assertThat(half.readAll()).isEmpty();
    }
    await().until(() -> refused("silent") == 2);
  }

  @Test
  void thereAreNoMoreConnectionsThanMayBe() throws IOException {
    port = port(0, 2, Duration.ofSeconds(60));
    port.start();
    try (RawHttp one = new RawHttp(port.port())) {
      try (RawHttp two = new RawHttp(port.port())) {
        await().until(() -> open("undecided") == 2);
        try (RawHttp three = new RawHttp(port.port())) {
          assertThat(three.readAll()).isEmpty();
        }
        assertThat(refused("full")).isEqualTo(1);
        two.write("PING\r\n");
        assertThat(two.readAll()).isEqualTo("resp:PING\r\n");
      }
      await().until(() -> open("undecided") == 1);
      assertThat(answer("PING\r\n")).isEqualTo("resp:PING\r\n");
      one.write("*");
      assertThat(one.readAll()).isEqualTo("resp:*");
    }
  }

  @Test
  void aStopWaitsForWhatIsOwedAndClosesTheRest() throws Exception {
    port.start();
    CountDownLatch stopped = new CountDownLatch(1);
    int number = port.port();
    try (RawHttp silent = new RawHttp(number);
        RawHttp idle = new RawHttp(number);
        RawHttp owed = new RawHttp(number)) {
      owed.write("*hold");
      await().until(() -> open("resp") == 1);
      port.stop(stopped::countDown);
      assertThat(owed.readAll()).isEqualTo("drained");
      assertThat(silent.readAll()).isEmpty();
      assertThat(idle.readAll()).isEmpty();
    }
    stopped.await();
    assertThat(port.isRunning()).isFalse();
    assertThatThrownBy(() -> new RawHttp(number)).isInstanceOf(IOException.class);
  }

  @Test
  void aPortThatIsTakenIsSaidInASentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = port(taken.getLocalPort(), 100, Duration.ofSeconds(60));
      assertThatThrownBy(port::start)
          .isInstanceOf(StartupRefusedException.class)
          .hasMessageStartingWith(
              "weir.fast.port is "
                  + taken.getLocalPort()
                  + ", which cannot be opened at 127.0.0.1: ")
          .hasMessageContaining("Address already in use")
          .hasMessageEndingWith("; set another one, or weir.fast.enabled=false");
    }
  }

  @Test
  void bytesAreCountedBothWays() throws IOException {
    port.start();
    answer("PING\r\n");
    assertThat(registry.get("weir.fast.received").functionCounter().count()).isEqualTo(6);
    await().until(() -> registry.get("weir.fast.sent").functionCounter().count() == 11);
    assertThat(registry.get("weir.fast.queue").gauge().value()).isNotNegative();
  }

  private String answer(String sent) throws IOException {
    try (RawHttp connection = new RawHttp(port.port())) {
      connection.write(sent);
      return connection.readAll();
    }
  }

  private double refused(String reason) {
    return registry
        .get("weir.fast.connections.refused")
        .tag("reason", reason)
        .functionCounter()
        .count();
  }

  private double open(String protocol) {
    return registry.get("weir.fast.connections").tag("protocol", protocol).gauge().value();
  }
}
