package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.redis.ScanCursors.Place;
import io.weir.model.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cursors stand for. */
class ScanCursorsTest {

  private final ScanCursors cursors = new ScanCursors();
  private final Key key = Key.of("k");

  @Test
  void aSlotIsItsOwnCursor() {
    assertThat(ScanCursors.ofSlot(7)).isEqualTo(7);
    assertThat(cursors.place(7)).isEqualTo(new Place(7, null));
    assertThat(cursors.place(16_383)).isEqualTo(new Place(16_383, null));
    assertThat(cursors.place(ScanCursors.START)).isEqualTo(new Place(0, null));
  }

  @Test
  void aPlaceInASlotIsKept() {
    long cursor = cursors.after(key);
    assertThat(cursor).isGreaterThan(16_383);
    assertThat(cursors.place(cursor)).isEqualTo(new Place(key.slot(), key));
    assertThat(cursors.place(cursor)).as("again").isEqualTo(new Place(key.slot(), key));
  }

  @Test
  void whatIsNotKnownBeginsItsSlot() {
    long cursor = cursors.after(key);
    assertThat(new ScanCursors().place(cursor)).isEqualTo(new Place(key.slot(), null));
  }

  @Test
  void theOldestAreForgotten() {
    long first = cursors.after(key);
    for (int i = 0; i < 1024; i++) {
      cursors.after(key);
    }
    assertThat(cursors.place(first)).isEqualTo(new Place(key.slot(), null));
  }

  @Test
  void whatIsUsedIsNotForgotten() {
    long first = cursors.after(key);
    for (int i = 0; i < 2000; i++) {
      cursors.after(key);
      assertThat(cursors.place(first).after()).isEqualTo(key);
    }
  }

  @Test
  void aCursorIsAnyUnsignedNumber() {
    assertThat(ScanCursors.parse("0")).isZero();
    assertThat(ScanCursors.parse("18446744073709551615")).isEqualTo(-1);
    assertThat(cursors.place(-1)).isEqualTo(new Place(16_383, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", " 1", "1 ", "a", "1.0", "18446744073709551616"})
  void isNoCursor(String text) {
    assertThatThrownBy(() -> ScanCursors.parse(text)).hasMessage("ERR invalid cursor");
  }
}
