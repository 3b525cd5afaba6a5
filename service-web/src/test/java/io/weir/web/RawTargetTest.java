package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = EdgeApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.config.import=classpath:service-web.yaml")
class RawTargetTest {

  @LocalServerPort private int port;

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\'',
      value = {
        "/kv/x x",
        "/kv/../x ../x",
        "/kv/a//b a//b",
        "/kv//a /a",
        "/kv/a/ a/",
        "/kv/a%2Fb a/b",
        "/kv/. .",
        "/kv/.. ..",
        "/kv/a;b=c a;b=c",
        "/kv/;jsessionid=1 ;jsessionid=1",
        "/kv/%5C \\",
        "/kv/a\\b a\\b",
        "/kv/a/../../../b a/../../../b",
        "/kv/%252F %2F",
        "/kv/a+b a+b",
        "/kv/%3Fq ?q",
        "/kv/a?ttl=60s a",
        "/kv/a|b a|b",
        "/kv/{tag}x {tag}x",
        "http://localhost/kv/a/../x a/../x",
        "HTTP://localhost/kv/a//b?c=d a//b",
      })
  void everythingBehindThePrefixIsTheKey(String target, String key) throws IOException {
    RawHttp.Answer answer = RawHttp.get(port, target);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(key);
  }

  @Test
  void aNulByteIsData() throws IOException {
    assertThat(RawHttp.get(port, "/kv/a%00b").body()).isEqualTo("a\0b");
  }

  @Test
  void bytesBeyondAsciiAreUtf8() throws IOException {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    assertThat(RawHttp.get(port, "/kv/%E2%82%AC").body())
        .isEqualTo(new String(euro, StandardCharsets.ISO_8859_1));
  }

  @Test
  void theLongestKeyMayBeEscapedThroughout() throws IOException {
    assertThat(RawHttp.get(port, "/kv/" + "%6B".repeat(Key.MAX_BYTES)).body())
        .isEqualTo("k".repeat(Key.MAX_BYTES));
    assertThat(RawHttp.get(port, "/kv/" + "%6B".repeat(Key.MAX_BYTES + 1)).status()).isEqualTo(400);
  }

  @Test
  void whatTheModelEncodesComesBack() throws IOException {
    for (String text : new String[] {".", "..", "/", "//", "a/./b", "a;b", "\\", "%", "a b", "?"}) {
      assertThat(RawHttp.get(port, KeyPath.of(Key.of(text))).body()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/kv/", "/kv", "/kv/?x=1", "/kv/%", "/kv/%zz", "/kv/%FF", "/x/../kv"})
  void whatHoldsNoKeyIsAProblem(String target) throws IOException {
    RawHttp.Answer answer = RawHttp.get(port, target);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.head()).contains("content-type: application/problem+json");
    assertThat(answer.body()).contains("\"type\":\"urn:weir:problem:invalid-key\"");
  }

  @Test
  void theRawTargetKeepsItsQuery() throws IOException {
    assertThat(RawHttp.get(port, "/kv/a/../%2f?ttl=6%30s&x").head())
        .contains("raw-target: /kv/a/../%2f?ttl=6%30s&x\r\n");
  }

  @Test
  void noRequestSeesTheKeyOfTheOneBeforeOnItsConnection() throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.send("GET", "/kv/first");
      connection.send("GET", "/kv/../second");
      connection.send("GET", "/nothing");
      connection.send("GET", "/kv/third");
      assertThat(connection.read().body()).isEqualTo("first");
      assertThat(connection.read().body()).isEqualTo("../second");
      assertThat(connection.read().status()).isEqualTo(404);
      assertThat(connection.read().body()).isEqualTo("third");
    }
  }
}
