package io.weir.load.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySpaceTest {

  @ParameterizedTest
  @ValueSource(strings = {"load:", "", "a/", "{tag}", ".", "ü "})
  void keysHaveThePathAndTheSlotOfTheirName(String prefix) {
    KeySpace space = new KeySpace(prefix, 12);
    for (int i = 0; i < 15; i++) {
      assertThat(space.key(i)).hasToString(prefix + i);
      assertThat(space.path(i)).isEqualTo(KeyPath.of(space.key(i)));
      assertThat(space.slot(i)).isEqualTo(HashSlots.slotOf(space.bytes(i)));
      assertThat(space.number(space.bytes(i))).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"load:", "load:05", "load:-1", "load:x", "other:5", "load:5000000000"})
  void whatIsNoKeyOfTheSpaceHasNoNumber(String key) {
    assertThat(new KeySpace("load:", 12).number(Key.of(key).bytes())).isEqualTo(-1);
  }

  @Test
  void keysBeyondTheFirstAreComputed() {
    KeySpace space = new KeySpace("load:", 1);
    assertThat(space.slot(1_000_000)).isEqualTo(Key.of("load:1000000").slot());
  }
}
