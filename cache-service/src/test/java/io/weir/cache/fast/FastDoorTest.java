package io.weir.cache.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.weir.cache.kv.Value;
import io.weir.cache.loop.TurnBuffer;
import io.weir.cache.web.KvContract;
import io.weir.cache.web.RequestBudget;
import io.weir.cache.web.WebTestApplication;
import io.weir.model.Key;
import io.weir.testing.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The contract of keys at the fast port, and what is its own. */
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "weir.fast.enabled=true",
      "weir.fast.port=0",
      "management.endpoint.health.group.readiness.include=readinessState"
    })
@Timeout(120)
class FastDoorTest extends KvContract {

  private static final String PUT = "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\n";
  private static final String GET = "GET /kv/bar HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @LocalServerPort private int httpPort;
  @Autowired private FastPort fast;
  @Autowired private RequestBudget budget;

  @Override
  protected int port() {
    return fast.port();
  }

  /** Whoever had them has given them back; nothing else would tell that somebody forgets it. */
  @AfterEach
  void nobodyKeepsALoopsBuffers() {
    fast.loops()
        .forEach((eventLoop, loop) ->
            Awaitility.await()
                .until(() ->
                    eventLoop.submit(() -> isFree(loop.input()) && isFree(loop.output())).get()));
  }

  private static boolean isFree(TurnBuffer buffer) {
    ByteBuf taken = buffer.tryTake();
    if (taken != null) {
      taken.release();
    }
    return taken != null;
  }

  @Test
  void whatIsNotForKeysIsSentToTheHttpPort() throws Exception {
    for (String path : List.of("/batch", "/", "/actuator/health", "/kvx", "/%6Bv/bar")) {
      HttpResponse<String> answer = get(path);
      assertProblem(answer, 404, "no-such-resource");
      assertThat(answer.body()).contains("\"httpPort\":" + httpPort);
    }
    HttpResponse<String> batch = send(request("/batch").POST(BodyPublishers.ofString("{}")));
    assertProblem(batch, 404, "no-such-resource");
  }

  @Test
  void requestsOfAPipelineAreAnsweredInTheirOrder() throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        all.append(PUT).append("Content-Length: ").append(("" + i).length()).append("\r\n\r\n");
        all.append(i).append(GET);
      }
      connection.write(all.toString());
      for (int i = 0; i < 200; i++) {
        assertThat(connection.read().status()).isEqualTo(204);
        assertThat(connection.read().body()).isEqualTo("" + i);
      }
    }
  }

  @Test
  void whoDoesNotReadTheAnswersOfAPipelineIsAskedForNoMore() throws IOException {
    byte[] value = new byte[10_000];
    Arrays.fill(value, (byte) 'v');
    store().insert(Key.of("{bar}10k"), 1, new Value(value, null, Value.NEVER));
    String get = "GET /kv/{bar}10k HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (RawHttp connection = new RawHttp(port())) {
      connection.write(get.repeat(2_000));
      for (int i = 0; i < 2_000; i++) {
        assertThat(connection.read().body()).hasSize(10_000);
      }
    }
  }

  /**
   * The last step of one of these values lets the connection write on, and not that of the other.
   */
  @ParameterizedTest
  @ValueSource(ints = {3_000_000, 48 * 65_536 + 20_000})
  void aLargeValueGoesInSteps(int length) throws IOException {
    byte[] value = new byte[length];
    new Random(3).nextBytes(value);
    store().insert(Key.of("{bar}" + length), 1, new Value(value, null, Value.NEVER));
    try (RawHttp connection = new RawHttp(port())) {
      for (int i = 0; i < 3; i++) {
        connection.send("GET", "/kv/{bar}" + length);
        connection.send("GET", "/kv/foo");
        assertThat(connection.read().body())
            .isEqualTo(new String(value, StandardCharsets.ISO_8859_1));
        assertThat(connection.read().status()).isEqualTo(421);
      }
    }
    Awaitility.await().until(() -> budget.reservedBytes() == 0);
  }

  /** A value that is on its way has no place for an answer in it. */
  @Test
  void aChunkThatIsNoneEndsALargeValueInItsMiddle() throws IOException {
    byte[] value = new byte[8 << 20];
    Arrays.fill(value, (byte) 'v');
    store().insert(Key.of("{bar}8m"), 1, new Value(value, null, Value.NEVER));
    exchange("GET /kv/{bar}8m HTTP/1.1\r\nHost: localhost\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(60_000);
      String sent =
          "GET /kv/{bar}8m HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.getOutputStream().write("zz".getBytes(StandardCharsets.ISO_8859_1));
      // Who reads on at once may have all of it before the port looks at what has come.
      Awaitility.await().until(() -> budget.reservedBytes() == 0);
      byte[] answers = {};
      try {
        answers = socket.getInputStream().readAllBytes();
      } catch (java.net.SocketException e) {
        // It is cut off.
      }
      assertThat(answers.length).isLessThan(value.length);
      assertThat(new String(answers, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/1.1 400");
    }
  }

  @Test
  void anOldClientIsClosedUnlessItAsksOtherwise() throws IOException {
    exchange(PUT + "Content-Length: 1\r\n\r\nx");
    assertThat(whole("GET /kv/bar HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Connection: close\r\n")
        .endsWith("\r\n\r\nx");
    try (RawHttp connection = new RawHttp(port())) {
      for (int i = 0; i < 2; i++) {
        connection.write("GET /kv/bar HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(connection.read().head()).contains("connection: keep-alive\r\n");
      }
    }
  }

  @Test
  void whoHasSentAllMayCloseItsSide() throws IOException {
    for (String sent : List.of(GET, GET + GET, PUT + "Content-Length: 1\r\n\r\nx" + GET)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        String answers =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(answers.split("HTTP/1.1 ", -1))
            .hasSize(1 + sent.split(" /kv/bar ", -1).length - 1);
      }
    }
  }

  /** Whether it is small, or asks first whether it may come, and however much of it has come. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 9##x",
        "Content-Length: 9##",
        "Content-Length: 9#Expect: 100-continue##",
        "Transfer-Encoding: chunked##5#ab",
        "Transfer-Encoding: chunked##"
      })
  void aBodyThatEndsTooSoonIsNoBody(String fieldsAndBody) throws IOException {
    String sent = PUT + fieldsAndBody.replace("#", "\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .contains("HTTP/1.1 400 ")
          .contains("the body did not arrive whole");
    }
    Awaitility.await().until(() -> budget.reservedBytes() == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1#Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked#Content-Length: 1",
        "Content-Length: 1#Content-Length: 2",
        "Content-Length: 1#Content-Length: 1",
        "Content-Length: 1, 1",
        "Content-Length: +1",
        "Content-Length: -1",
        "Content-Length: 0x1",
        "Content-Length: 1 1",
        "Content-Length: 99999999999999999999",
        "Content-Length:",
        "Content-Length : 1",
        " Content-Length: 1",
        "X: y# Content-Length: 1",
        "X: y#\tz",
        "X Y: z",
        "X",
        ": y",
        "X: \u0001",
        "X: a\u0000b",
        "X: a\u007fb",
        "X\u00e4: y",
        "Host: localhost",
        "Host: elsewhere",
        "Transfer-Encoding: chunked\nX: y",
        "Transfer-Encoding: chunked#Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding:",
        "X: a\rb",
      })
  void whatTwoParsersCouldReadInTwoWaysIsRefusedAndEndsTheConnection(String fields)
      throws IOException {
    String answer = whole(PUT + fields.replace("#", "\r\n") + "\r\n\r\n1\r\nx\r\n0\r\n\r\n" + GET);
    assertThat(answer).as(fields).startsWith("HTTP/1.1 400 ").contains("Connection: close\r\n");
    assertThat(answer.split("HTTP/1.1 ", -1)).as("answers").hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  /kv/bar HTTP/1.1|400",
        "GET /kv/bar  HTTP/1.1|400",
        "GET\t/kv/bar HTTP/1.1|400",
        "GET /kv/a b HTTP/1.1|400",
        "GET /kv/bar#x HTTP/1.1|400",
        "GET /kv/b\u00e4r HTTP/1.1|400",
        "GET kv/bar HTTP/1.1|400",
        "G(T /kv/bar HTTP/1.1|400",
        "GET /kv/bar HTTP/1.2|505",
        "GET http://elsewhere/kv/bar HTTP/1.1|400",
      })
  void aFirstLineMustBeOne(String line, int status) throws IOException {
    assertThat(whole(line + "\r\nHost: localhost\r\n\r\n" + GET))
        .startsWith("HTTP/1.1 " + status)
        .contains("Connection: close\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transfer-Encoding: gzip, chunked|501",
        "Transfer-Encoding: gzip#Transfer-Encoding: chunked|501",
        "Expect: the unexpected|417",
      })
  void whatIsNotKnownIsRefused(String field, int status) throws IOException {
    assertThat(whole(PUT + field.replace("#", "\r\n") + "\r\n\r\n" + GET))
        .startsWith("HTTP/1.1 " + status)
        .contains("Connection: close\r\n");
  }

  @Test
  void aRequestWithoutAHostIsNone() throws IOException {
    assertThat(whole("GET /kv/bar HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(whole("GET /kv/bar HTTP/1.1\r\nHost: a b\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aHeadHasABound() throws IOException {
    assertThat(whole("GET /kv/" + "x".repeat(HeadScan.LONGEST) + " HTTP/1.1\r\n"))
        .startsWith("HTTP/1.1 400 ");
    String field = "X: " + "x".repeat(1_000) + "\r\n";
    assertThat(whole("GET /kv/bar HTTP/1.1\r\nHost: localhost\r\n" + field.repeat(9) + "\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "1\nx", "1\r\nxy\r\n", "-1\r\n", "1\r\nx\r\n0\nA: b\n\n"})
  void chunksMustBeChunks(String chunks) throws IOException {
    assertThat(whole(PUT + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void wherePacketsEndMakesNoDifference() throws IOException {
    exchange(PUT + "Content-Length: 3\r\n\r\nold");
    String sent =
        PUT
            + "Content-Length: 3\r\n\r\nnew"
            + GET
            + PUT
            + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nne\r\n1\r\nr\r\n0\r\nT: x\r\n\r\n"
            + "GET /kv/foo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nGET "
            + "GET /kv/bar HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    List<Integer> whole = statuses(sent, sent.length());
    assertThat(whole).containsExactly(204, 200, 204, 421, 200);
    for (int at = 1; at < sent.length(); at++) {
      assertThat(statuses(sent, at)).as("parted at %d", at).isEqualTo(whole);
    }
  }

  @Test
  void noiseNeitherBlocksThePortNorLeavesAnything() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] words = {
      GET,
      PUT,
      "Content-Length: 1\r\n",
      "Transfer-Encoding: chunked\r\n",
      "\r\n",
      "\r\n\r\n",
      "x",
      "1\r\nx\r\n",
      "0\r\n\r\n",
      "\n",
      " ",
      "\u0000",
      "Host: localhost\r\n",
      "Expect: 100-continue\r\n",
      "Connection: close\r\n",
      "HEAD /kv/bar HTTP/1.1\r\n",
      "PUT /kv/bar HTTP/1.0\r\n",
      ":",
      "\t"
    };
    for (int round = 0; round < 300; round++) {
      StringBuilder noise = new StringBuilder("GET /kv/bar HTTP/1.1\r\n");
      for (int i = random.nextInt(20); i > 0; i--) {
        noise.append(words[random.nextInt(words.length)]);
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
        socket.setSoTimeout(60_000);
        byte[] bytes = noise.toString().getBytes(StandardCharsets.ISO_8859_1);
        int at = random.nextInt(bytes.length);
        try {
          socket.getOutputStream().write(bytes, 0, at);
          socket.getOutputStream().write(bytes, at, bytes.length - at);
          socket.shutdownOutput();
          byte[] answers = socket.getInputStream().readAllBytes();
          String text = new String(answers, StandardCharsets.ISO_8859_1);
          assertThat(text).as("seed %d: %s", seed, noise).startsWith("HTTP/1.1 ");
          assertThat(text).as("seed %d: %s", seed, noise).doesNotContain("HTTP/1.1 5");
        } catch (java.net.SocketException e) {
          // It was refused, and closed, before all of it was sent.
        }
      }
    }
    assertThat(exchange(GET).status()).isIn(200, 404);
    Awaitility.await().until(() -> budget.reservedBytes() == 0);
  }

  private List<Integer> statuses(String sent, int at) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      byte[] bytes = sent.getBytes(StandardCharsets.ISO_8859_1);
      socket.getOutputStream().write(bytes, 0, at);
      socket.getOutputStream().write(bytes, at, bytes.length - at);
      String answers =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return Arrays.stream(answers.split("HTTP/1.1 ", -1))
          .skip(1)
          .map(answer -> Integer.valueOf(answer.substring(0, 3)))
          .toList();
    }
  }
}
