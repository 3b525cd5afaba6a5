package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

  @Test
  void whatIsVisibleStaysAsItIs() {
    assertThat(Shown.of("user:1/ä 東京 🙂 {tag}")).isEqualTo("user:1/ä 東京 🙂 {tag}");
    assertThat(Shown.of(Key.of("k"))).isEqualTo("k");
  }

  @Test
  void whatMovesALineACursorOrTheDirectionIsWrittenOut() {
    assertThat(Shown.of("a\n12:00 ERROR x\r\t")).isEqualTo("a\\n12:00 ERROR x\\r\\t");
    assertThat(Shown.of("\u001b[2J\u001b]0;x\u0007\u009b"))
        .isEqualTo("\\u001b[2J\\u001b]0;x\\u0007\\u009b");
    assertThat(Shown.of("\u202eabc\u2028\u2066")).isEqualTo("\\u202eabc\\u2028\\u2066");
    assertThat(Shown.of("\\n")).isEqualTo("\\\\n");
    assertThat(Shown.of("\ud800x")).isEqualTo("\\ud800x");
  }

  @Test
  void whatIsLongIsCut() {
    assertThat(Shown.of("x".repeat(600))).hasSize(600);
    assertThat(Shown.of("x".repeat(601))).isEqualTo("x".repeat(600) + "...");
    assertThat(Shown.of("\0".repeat(1_000_000))).hasSizeLessThan(700);
  }

  @Test
  void linesStayLines() {
    assertThat(Shown.lines("a\n\tb \\ \u001b[2J\r")).isEqualTo("a\n\tb \\ \\u001b[2J\\r");
  }
}
