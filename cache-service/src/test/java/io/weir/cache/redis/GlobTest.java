package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The patterns of {@code KEYS} and {@code SCAN}. */
class GlobTest {

  private static final int ROUNDS = 20_000;

  @ParameterizedTest
  @CsvSource({
    "*, anything",
    "**, anything",
    "h?llo, hello",
    "h*llo, heeeello",
    "h*llo, hllo",
    "h[ae]llo, hallo",
    "h[^e]llo, hbllo",
    "h[a-b]llo, hbllo",
    "h[b-a]llo, hallo",
    "a\\*b, a*b",
    "a\\?, a?",
    "a\\[b], a[b]",
    "[\\]], ]",
    "[\\^], ^",
    "[^\\]], a",
    "user:*:name, user:1:2:name",
    "*a*b*c, xaxbxc",
    "[a-, a",
    "x[abc, xb",
    "a\\, a\\",
    "[-], -",
    "*[0-9], key-7"
  })
  void matches(String pattern, String text) {
    assertThat(matching(pattern, text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', a",
    "?, ab",
    "h?llo, hllo",
    "h[ae]llo, hillo",
    "h[^e]llo, hello",
    "h[a-b]llo, hcllo",
    "a*, ba",
    "*a, ab",
    "a\\*b, axb",
    "[], a",
    "[abc, d",
    "a[, a[",
    "A, a",
    "*ab*, acb"
  })
  void doesNotMatch(String pattern, String text) {
    assertThat(matching(pattern, text)).isFalse();
  }

  @Test
  void bytesAreNotCharacters() {
    assertThat(matching("?", "\u00e4")).isTrue();
    assertThat(Glob.of(new byte[] {'?'}).matches(new byte[] {(byte) 0xC3, (byte) 0xA4})).isFalse();
    assertThat(matching("[\u00e0-\u00ff]", "\u00e4")).isTrue();
  }

  @Test
  void manyStarsTakeNoTime() {
    String pattern = "a*".repeat(500) + "b";
    assertTimeoutPreemptively(
        ofSeconds(60), () -> assertThat(matching(pattern, "a".repeat(512))).isFalse());
  }

  @Test
  void agreesWithTheDefinition() {
    long seed = System.nanoTime();
    System.out.println("GlobTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      String pattern = word(random, "ab*?", 8);
      String text = word(random, "ab", 8);
      assertThat(matching(pattern, text))
          .as("%s of %s, seed %d", text, pattern, seed)
          .isEqualTo(matches(pattern, 0, text, 0));
    }
  }

  private static String word(Random random, String letters, int most) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }

  /** Stars and question marks, by what they mean. */
  private static boolean matches(String pattern, int p, String text, int t) {
    if (p == pattern.length()) {
      return t == text.length();
    }
    if (pattern.charAt(p) == '*') {
      return matches(pattern, p + 1, text, t)
          || (t < text.length() && matches(pattern, p, text, t + 1));
    }
    return t < text.length()
        && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))
        && matches(pattern, p + 1, text, t + 1);
  }

  private static boolean matching(String pattern, String text) {
    return Glob.of(pattern.getBytes(ISO_8859_1)).matches(text.getBytes(ISO_8859_1));
  }
}
