package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "user:1, /kv/user:1",
        "a/b, /kv/a/b",
        "/, /kv/%2F",
        "//, /kv/%2F%2F",
        "/a/, /kv/%2Fa%2F",
        "a//b, /kv/a%2F%2Fb",
        "., /kv/%2E",
        ".., /kv/%2E%2E",
        "..., /kv/...",
        "a/./b, /kv/a/%2E/b",
        "a/../b, /kv/a/%2E%2E/b",
        "a.b/c.d, /kv/a.b/c.d",
        "a;b, /kv/a%3Bb",
        "a?b#c, /kv/a%3Fb%23c",
        "%41, /kv/%2541",
        "a b+c, /kv/a%20b%2Bc",
        "€, /kv/%E2%82%AC",
        "{tag}\\, /kv/%7Btag%7D%5C",
      })
  void whatCouldBeResolvedFoldedOrCutIsEscaped(String key, String path) {
    assertThat(KeyPath.of(Key.of(key))).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "a/b, a/b",
        "a%2Fb, a/b",
        "a%2fb, a/b",
        "//, //",
        ".., ..",
        "a;b=c, a;b=c",
        "a+b, a+b",
        "%252F, %2F",
        "%E2%82%AC, €",
        "a%00b, a\0b",
      })
  void aRawPathIsDecodedOnceAndNotNormalised(String raw, String key) {
    assertThat(KeyPath.decode(raw)).isEqualTo(Key.of(key));
  }

  @ParameterizedTest
  @CsvSource({"%, 0", "a%, 1", "a%4, 1", "ab%zz, 2", "%4g, 0", "%+1, 0", "%-1, 0"})
  void aBrokenEscapeIsNamedByItsPosition(String raw, int position) {
    assertThatThrownBy(() -> KeyPath.decode(raw))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("'%' at position " + position + " is not followed by two hex digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%FF", "\u00e9", "%C3", "%ED%A0%80"})
  void bytesThatAreNoKeyAreRefused(String raw) {
    assertThatThrownBy(() -> KeyPath.decode(raw)).isInstanceOf(InvalidKeyException.class);
  }

  @Test
  void unescapedBytesOfUtf8AreTakenAsTheyCameOverTheWire() {
    assertThat(KeyPath.decode("\u00c3\u00a9")).isEqualTo(Key.of("é"));
    assertThat(KeyPath.decode("\u00c3\u00a9%20")).isEqualTo(Key.of("é "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"€", "€%20", "%EF%BC\u0661"})
  void charactersThatAreNoBytesAreRefused(String raw) {
    assertThatThrownBy(() -> KeyPath.decode(raw)).isInstanceOf(InvalidKeyException.class);
  }
}
