package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {

  @Test
  void aKeyHasOneByteAtLeast() {
    assertThatThrownBy(() -> Key.of(""))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("a key has at least 1 byte, this one is empty");
    assertThat(Key.of("a").length()).isEqualTo(1);
  }

  @Test
  void aKeyHasAtMost512BytesWhateverItsCharacters() {
    assertThat(Key.of("€".repeat(170) + "ab").length()).isEqualTo(512);
    assertThatThrownBy(() -> Key.of("€".repeat(170) + "abc"))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("a key has at most 512 bytes of UTF-8, this one has 513");
    assertThat(Key.of("k".repeat(512)).toString()).hasSize(512);
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "C3", "C3 28", "C0 AF", "ED A0 80", "F8 88 80 80 80", "61 FF"})
  void bytesThatAreNotUtf8AreRefused(String hex) {
    byte[] bytes = bytes(hex);
    assertThatThrownBy(() -> Key.of(bytes))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageStartingWith("a key is UTF-8, this one is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\ud83d-\ude00"})
  void halfASurrogatePairIsRefusedAndNotReplaced(String text) {
    assertThatThrownBy(() -> Key.of(text))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageStartingWith("a key is UTF-8, this one is not");
  }

  @Test
  void keysAreEqualByTheirBytes() {
    Key key = Key.of("grün 😀");
    assertThat(key)
        .isEqualTo(Key.of("grün 😀".getBytes(StandardCharsets.UTF_8)))
        .hasSameHashCodeAs(Key.of("grün 😀"))
        .isNotEqualTo(Key.of("grün"))
        .hasToString("grün 😀");
  }

  @Test
  void keysAreOrderedByTheirUnsignedBytes() {
    assertThat(Key.of("z")).isLessThan(Key.of("ä"));
    assertThat(Key.of("a")).isLessThan(Key.of("aa"));
    assertThat(Key.of("b")).isGreaterThan(Key.of("aa"));
  }

  private static byte[] bytes(String hex) {
    String[] parts = hex.split(" ", -1);
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return bytes;
  }
}
