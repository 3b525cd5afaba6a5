package io.weir.cache.fast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weir.cache.door.UnsupportedCodingException;
import io.weir.model.Consistency;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request is does not hang on the parts in which it comes, nor on who reads it. */
class RequestReaderTest {

  private static final String LINE = "PUT /kv/a%20b?ttl=1s HTTP/1.1\r\n";
  private static final String HEAD =
      LINE + "Host: localhost:80\r\nif-match:\"1\"\r\nIf-Match: \t\"2\" \r\nEmpty: \r\n";

  private final RequestReader reader = new RequestReader(new byte[64]);

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static HttpHead headOf(RawHead raw) throws HttpHead.RefusedException {
    return HttpHead.of(raw, "1.2.3.4");
  }

  @Test
  void aHeadIsTheSameHoweverItIsParted() throws HttpHead.RefusedException {
    aHeadIsTheSameHoweverItIsParted(reader);
    RequestReader known = new RequestReader(new byte[2_048]);
    next(known, HEAD + "Content-Length: 2\r\n\r\n");
    aHeadIsTheSameHoweverItIsParted(known);
  }

  private static void aHeadIsTheSameHoweverItIsParted(RequestReader reader)
      throws HttpHead.RefusedException {
    String sent = "\r\n\r\n" + HEAD + "Content-Length: 2\r\n\r\n";
    for (int first = 1; first < sent.length(); first++) {
      for (int second = first; second < sent.length(); second += 7) {
        ByteBuf in = Unpooled.buffer();
        in.writeBytes(bytes(sent.substring(0, first)));
        assertThat(reader.head(in)).isNull();
        assertThat(reader.headBegan() != 0).isEqualTo(first > "\r\n\r\n".length());
        in.discardReadBytes();
        in.writeBytes(bytes(sent.substring(first, second)));
        assertThat(reader.head(in)).isNull();
        in.writeBytes(bytes(sent.substring(second) + "xy"));
        RawHead raw = reader.head(in);
        assertThat(raw).isNotNull();
        assertThat(reader.headBegan()).isZero();
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("xy");
        HttpHead head = headOf(raw);
        assertThat(head.method()).isEqualTo("PUT");
        assertThat(head.rawKey()).isEqualTo("a%20b");
        assertThat(head.query()).isEqualTo("ttl=1s");
        assertThat(head.fields().serverName()).isEqualTo("localhost");
        assertThat(head.fields().contentLength()).isEqualTo(2);
        assertThat(head.header("IF-MATCH")).isEqualTo("\"1\", \"2\"");
        assertThat(head.header("empty")).isEmpty();
        assertThat(head.header("other")).isNull();
        assertThat(head.fields().isKept()).isTrue();
      }
    }
  }

  /** What follows a head, and what follows a body, is not taken for fields that are known. */
  @Test
  void fieldsThatAreKnownStandBehindAFirstLine() throws HttpHead.RefusedException {
    RequestReader known = new RequestReader(new byte[2_048]);
    String chunked = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    ByteBuf in =
        bytes(chunked + "2\r\nab\r\n0\r\nHost: a\r\n\r\n" + chunked + "1\r\nc\r\n0\r\n\r\n");
    RawFields first = null;
    for (String body : List.of("ab", "c")) {
      RawHead raw = Objects.requireNonNull(known.head(in));
      assertThat(first == null || first == raw.fields()).isTrue();
      first = raw.fields();
      known.expectBody(headOf(raw));
      assertThat(known.part(in)).isEqualTo(body.length());
      assertThat(in.readCharSequence(body.length(), StandardCharsets.US_ASCII)).hasToString(body);
      known.took(body.length());
      assertThat(known.part(in)).isZero();
      assertThat(known.tookEnd()).isTrue();
    }
    assertThat(in.isReadable()).isFalse();
  }

  /** What is kept of fields for one method is not what they ask under another. */
  @Test
  void fieldsThatAreKnownAskWhatTheyAskAlone() throws HttpHead.RefusedException {
    RequestReader known = new RequestReader(new byte[2_048]);
    String fields = "Host: a\r\nContent-Type: a/b\r\nWeir-Consistency: eventual\r\n";
    for (boolean isPut : new boolean[] {true, true, false, false, true}) {
      HttpHead head = headOf(next(known, LINE + fields + "\r\n"));
      assertThat(head.writeFields(isPut)).isEqualTo(headOf(alone(fields)).writeFields(isPut));
      assertThat(head.writeFields(isPut).contentType()).isEqualTo(isPut ? "a/b" : null);
      assertThat(head.readFields()).isEqualTo(headOf(alone(fields)).readFields());
      assertThat(head.readFields().consistency()).isEqualTo(Consistency.EVENTUAL);
    }
    String conditional = fields + "If-Match: \"1\"\r\nIf-None-Match: *\r\n";
    for (int i = 0; i < 2; i++) {
      HttpHead head = headOf(next(known, LINE + conditional + "\r\n"));
      assertThat(head.readFields().isConditional()).isTrue();
      assertThat(head.readFields()).isNotSameAs(head.readFields());
      assertThat(head.writeFields(true).condition().needsCurrent()).isTrue();
    }
    String coded = fields + "Content-Encoding: gzip\r\n";
    for (int i = 0; i < 2; i++) {
      HttpHead head = headOf(next(known, LINE + coded + "\r\n"));
      assertThat(head.writeFields(false)).isEqualTo(headOf(alone(fields)).writeFields(false));
      assertThatThrownBy(() -> head.writeFields(true))
          .isInstanceOf(UnsupportedCodingException.class);
    }
  }

  private static RawHead alone(String fields) throws HttpHead.RefusedException {
    return next(new RequestReader(new byte[64]), LINE + fields + "\r\n");
  }

  @Test
  void namesOfFieldsDifferInMoreThanTheCaseOfLetters() throws HttpHead.RefusedException {
    RawHead raw = reader.head(bytes(LINE + "X^: 1\r\nhost: a\r\nX-: 2\r\n\r\n"));
    assertThat(raw).isNotNull();
    assertThat(raw.fields().first("X~")).isNull();
    assertThat(raw.fields().first("X\r")).isNull();
    assertThat(raw.fields().first("x^")).isEqualTo("1");
    assertThat(raw.fields().first("HOST")).isEqualTo("a");
  }

  @Test
  void aHeadHasAtMostAHundredFields() throws HttpHead.RefusedException {
    assertThat(reader.head(bytes(LINE + "a: b\r\n".repeat(100) + "\r\n"))).isNotNull();
    refused(LINE + "a: b\r\n".repeat(101) + "\r\n");
  }

  @Test
  void firstLineAndFieldsHaveABoundEach() throws HttpHead.RefusedException {
    String key = "x".repeat(HeadScan.LONGEST - "GET /kv/ HTTP/1.1".length());
    String line = "GET /kv/" + key + " HTTP/1.1\r\n";
    String field = "a: " + "b".repeat(HeadScan.LONGEST - 9) + "\r\n";
    assertThat(reader.head(bytes(line + field + "\r\n"))).isNotNull();
    refused("GET /kv/x" + key + " HTTP/1.1\r\n\r\n");
    refused("x".repeat(HeadScan.LONGEST + 1));
    refused(line + "c" + field + "\r\n");
  }

  private static void refused(String head) {
    assertThatThrownBy(() -> new RequestReader(new byte[64]).head(bytes(head)))
        .as(head)
        .isInstanceOf(HttpHead.RefusedException.class);
  }

  /** Emptiness in front of a request takes no room, however much there is of it. */
  @Test
  void emptyLinesAreTakenAsTheyCome() throws HttpHead.RefusedException {
    for (int i = 0; i < 1_000; i++) {
      ByteBuf in = bytes("\r\n".repeat(100));
      assertThat(reader.head(in)).isNull();
      assertThat(in.isReadable()).isFalse();
    }
    assertThat(reader.head(bytes(HEAD + "\r\n"))).isNotNull();
  }

  @Test
  void aLengthIsANumberThatALongHolds() throws HttpHead.RefusedException {
    assertThat(lengthOf("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(lengthOf("007")).isEqualTo(7);
    for (String none : List.of("9223372036854775808", "", "-1", "+1", "1,1", "1 1", "0x1", "1.0")) {
      assertThatThrownBy(() -> lengthOf(none))
          .as(none)
          .isInstanceOf(HttpHead.RefusedException.class);
    }
  }

  private static long lengthOf(String told) throws HttpHead.RefusedException {
    String sent = HEAD + "Content-Length: " + told + "\r\n\r\n";
    RawHead raw = new RequestReader(new byte[64]).head(bytes(sent));
    return headOf(Objects.requireNonNull(raw)).fields().contentLength();
  }

  /** What a connection's last head had is taken for the next only where that has the same. */
  @Test
  void fieldsAreReadOnceWhileTheyStayTheSame() throws HttpHead.RefusedException {
    RequestReader whole = new RequestReader(new byte[2_048]);
    String[] heads = {
      "GET /kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /kv/longer?ttl=1s HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /kv/a HTTP/1.0\r\nHost: a\r\n\r\n",
      "GET /kv/a HTTP/1.0\r\n\r\n",
      "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
      "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n",
      "PUT /kv/a HTTP/1.1\r\nHost: b:80\r\nContent-Length: 4\r\n\r\n",
      "PUT /kv/a HTTP/1.1\r\nHost: b:80\r\nContent-Length: 4\r\nX: y\r\n\r\n",
      "PUT /kv/a HTTP/1.1\r\nHost: " + "b".repeat(1_000) + "\r\n\r\n"
    };
    for (String first : heads) {
      for (String second : heads) {
        HttpHead before = headOf(next(whole, first));
        RawHead raw = next(whole, second);
        HttpHead head = headOf(raw);
        HttpHead alone = headOf(next(new RequestReader(new byte[64]), second));
        assertThat(shown(head)).isEqualTo(shown(alone));
        assertThat(head.fields().serverName()).isEqualTo(alone.fields().serverName());
        assertThat(head.fields().contentLength()).isEqualTo(alone.fields().contentLength());
        assertThat(head.fields().isOld()).isEqualTo(second.contains("HTTP/1.0"));
        boolean isSame = first.split("\r\n", 2)[1].equals(second.split("\r\n", 2)[1]);
        assertThat(head.fields().raw() == before.fields().raw())
            .as("%s, then %s", first, second)
            .isEqualTo(isSame && raw.fields().isShort());
      }
    }
  }

  @Test
  void theNameThatARequestIsForIsThatOfItsOwnHost() throws HttpHead.RefusedException {
    RequestReader whole = new RequestReader(new byte[2_048]);
    for (String host : List.of("a", "b".repeat(1_000), "a", "C:80", "c:80", "[::F]:1", "")) {
      RawHead raw = next(whole, LINE + "Host: " + host + "\r\n\r\n");
      assertThat(headOf(raw).fields().serverName())
          .isEqualTo(host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", ""));
    }
  }

  private static RawHead next(RequestReader reader, String head) throws HttpHead.RefusedException {
    return Objects.requireNonNull(reader.head(bytes(head)));
  }

  /** Of what is let pass here, another reader makes the same requests with the same bodies. */
  @Test
  void nettyReadsTheSame() {
    String[] words = {
      "GET ",
      "PUT ",
      "/kv/a",
      "/",
      "http://h/kv/b",
      " ",
      "  ",
      "\t",
      " HTTP/1.1\r\n",
      "HTTP/1.0",
      "HTTP/2.0",
      "HTTP/1.1",
      "\r\n",
      "\n",
      "\r",
      "Host: a\r\n",
      "host:b",
      "X: \u00e4\r\n",
      ":",
      "Content-Length: 3\r\n",
      "content-length: +3\r\n",
      "Content-Length: 3, 3\r\n",
      "\u0000",
      "Transfer-Encoding: chunked\r\n",
      "transfer-encoding: gzip, chunked\r\n",
      "Expect:",
      ";",
      "Content-Length : 3\r\n",
      " folded\r\n",
      "Connection: close\r\n",
      "\u000b",
      "?a=b",
      "#",
      "%",
      "\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n",
      "3\r\nabc\r\n",
      "1;a=b\r\nx\r\n",
      "0\r\n\r\n",
      "0\r\nX: y\r\n\r\n",
      "Content-Length: 3\r\n\r\nabc",
      "2\r\n",
      "PUT /kv/b HTTP/1.1\r\nHost: b\r\n"
    };
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int taken = 0;
    for (int round = 0; round < 50_000; round++) {
      StringBuilder sent = new StringBuilder();
      if (random.nextInt(4) > 0) {
        sent.append("PUT /kv/a HTTP/1.1\r\nHost: a\r\n");
      }
      for (int i = random.nextInt(10); i > 0; i--) {
        sent.append(words[random.nextInt(words.length)]);
      }
      sent.append(random.nextBoolean() ? "\r\n" : "\r\n\r\n");
      List<String> ours = ours(new RequestReader(new byte[64]), bytes(sent.toString()));
      assertThat(ours(hasRead(random), bytes(sent.toString())))
          .as("seed %d: %s", seed, sent)
          .isEqualTo(ours);
      taken += ours.size();
      if (!ours.isEmpty()) {
        assertThat(netty(sent.toString()))
            .as("seed %d: %s", seed, sent)
            .startsWith(ours.toArray(new String[0]));
      }
    }
    assertThat(taken).isGreaterThan(5_000);
  }

  /** One that knows fields which come again. */
  private static RequestReader hasRead(Random random) {
    String[] fields = {"Host: a", "Host: a\r\nContent-Length: 3", "Host: a\r\nConnection: close"};
    String sent = LINE + fields[random.nextInt(fields.length)] + "\r\n\r\n";
    RequestReader reader = new RequestReader(new byte[2_048]);
    try {
      next(reader, sent);
    } catch (HttpHead.RefusedException e) {
      throw new AssertionError(e);
    }
    return reader;
  }

  /** The requests that are whole, up to one that is refused. */
  private static List<String> ours(RequestReader reader, ByteBuf sent) {
    List<String> requests = new ArrayList<>();
    try {
      while (sent.isReadable()) {
        RawHead raw = reader.head(sent);
        if (raw == null) {
          break;
        }
        HttpHead head = headOf(raw);
        StringBuilder body = new StringBuilder();
        if (head.hasBody()) {
          reader.expectBody(head);
          for (int part = reader.part(sent); part > 0; part = reader.part(sent)) {
            body.append(sent.readCharSequence(part, StandardCharsets.ISO_8859_1));
            reader.took(part);
          }
          if (!reader.tookEnd()) {
            break;
          }
        }
        requests.add(shown(head) + " " + body);
      }
    } catch (HttpHead.RefusedException e) {
      // What was whole before it counts.
    }
    return requests;
  }

  private static String shown(HttpHead head) {
    RawHead raw = head.raw();
    return head.method()
        + raw.text(raw.targetBegin(), raw.targetEnd())
        + raw.version()
        + raw.fields().all("host")
        + raw.fields().all("content-length")
        + raw.fields().all("transfer-encoding")
        + raw.fields().all("connection")
        + raw.fields().all("expect")
        + raw.fields().all("x");
  }

  private static List<String> netty(String sent) {
    List<String> requests = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
    channel.writeInbound(bytes(sent));
    StringBuilder request = new StringBuilder();
    for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
      if (part instanceof HttpRequest head) {
        request
            .append(head.method().name())
            .append(head.uri())
            .append(head.protocolVersion())
            .append(all(head, "host"))
            .append(all(head, "content-length"))
            .append(all(head, "transfer-encoding"))
            .append(all(head, "connection"))
            .append(all(head, "expect"))
            .append(all(head, "x"))
            .append(' ');
      }
      if (part instanceof HttpContent content) {
        request.append(content.content().toString(StandardCharsets.ISO_8859_1));
        if (part instanceof LastHttpContent && content.decoderResult().isSuccess()) {
          requests.add(request.toString());
          request.setLength(0);
        }
      }
      ReferenceCountUtil.release(part);
    }
    channel.finishAndReleaseAll();
    return requests;
  }

  private static @Nullable String all(HttpRequest request, String name) {
    List<String> all = request.headers().getAll(name);
    return all.isEmpty() ? null : String.join(", ", all);
  }

  private String chunked(String sent, int step) throws HttpHead.RefusedException {
    expectChunks();
    StringBuilder body = new StringBuilder();
    ByteBuf in = Unpooled.buffer();
    for (int at = 0; at < sent.length(); at += step) {
      in.writeBytes(bytes(sent.substring(at, Math.min(sent.length(), at + step))));
      for (int part = reader.part(in); part > 0; part = reader.part(in)) {
        int some = Math.min(part, 3);
        body.append(in.readCharSequence(some, StandardCharsets.ISO_8859_1));
        reader.took(some);
      }
      if (reader.tookEnd()) {
        return body
            + "|"
            + in.toString(StandardCharsets.ISO_8859_1)
            + sent.substring(Math.min(sent.length(), at + step));
      }
    }
    return body + "...";
  }

  private void expectChunks() throws HttpHead.RefusedException {
    RawHead raw = reader.head(bytes(HEAD + "Transfer-Encoding: chunked\r\n\r\n"));
    reader.expectBody(headOf(Objects.requireNonNull(raw)));
  }

  @Test
  void aBodyInChunksIsTheSameHoweverItIsParted() throws HttpHead.RefusedException {
    List<String> found = new ArrayList<>();
    String sent = "5\r\nhello\r\n00B;a=\"b\"\r\n, \r\nworld 1\r\n0\r\nA: b\r\n\r\n";
    for (int step = 1; step <= sent.length(); step++) {
      found.add(chunked(sent, step));
    }
    assertThat(found).containsOnly("hello, \r\nworld 1|");
    assertThat(chunked("0\r\n\r\nGET", 8)).isEqualTo("|GET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        " 1\r\nx\r\n0\r\n\r\n",
        "1 \r\nx\r\n0\r\n\r\n",
        "+1\r\nx\r\n",
        "0x1\r\nx\r\n",
        "1\nx\r\n",
        "1\r\nx\n0\r\n\r\n",
        "1\r\nxy\r\n0\r\n\r\n",
        "1;\u0001\r\nx\r\n",
        ";a\r\n",
        "1000000000000000\r\n",
        "0\r\n a: b\r\n\r\n",
        "0\r\na : b\r\n\r\n",
        "0\r\na: b\n\r\n",
        "\u0661\r\nx\r\n"
      })
  void chunksAreRefusedThatAreNotInTheGrammar(String sent) {
    for (int step : new int[] {1, 100}) {
      assertThatThrownBy(() -> new RequestReaderTest().chunked(sent, step))
          .isInstanceOf(HttpHead.RefusedException.class);
    }
  }

  @Test
  void whatNobodyAskedForInChunksHasABound() throws HttpHead.RefusedException {
    assertThat(chunked("1;" + "a".repeat(1_000) + "\r\nx\r\n0\r\n\r\n", 50)).isEqualTo("x|");
    for (String sent :
        List.of("1;" + "a".repeat(2_000), "0\r\n" + "a: b\r\n".repeat(101) + "\r\n")) {
      assertThatThrownBy(() -> new RequestReaderTest().chunked(sent, 50))
          .isInstanceOf(HttpHead.RefusedException.class);
    }
  }
}
