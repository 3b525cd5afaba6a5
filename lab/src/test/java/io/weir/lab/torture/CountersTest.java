package io.weir.lab.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CountersTest {

  private static final String NAME = "torture:counter:0";

  private final Counters counters = new Counters();

  private Counters.Verdict verdict(@Nullable String value) {
    return verdict(value, value);
  }

  private Counters.Verdict verdict(@Nullable String value, @Nullable String row) {
    Map<String, byte[]> rows = new HashMap<>();
    if (row != null) {
      rows.put(NAME, row.getBytes(UTF_8));
    }
    return counters.judge(
        key -> key.toString().equals(NAME) && value != null ? value.getBytes(UTF_8) : null, rows);
  }

  @Test
  void anOpenAdditionMayHaveHappenedOrNot() {
    counters.added(0, 1);
    counters.mayHaveAdded(0);
    assertThat(verdict("1").wrong()).isEmpty();
    assertThat(verdict("2").wrong()).isEmpty();
    assertThat(verdict("2").acknowledged()).isEqualTo(1);
    assertThat(verdict("2").open()).isEqualTo(1);
  }

  @Test
  void aCounterThatNobodyAddedToIsAbsent() {
    assertThat(verdict(null).wrong()).isEmpty();
    assertThat(verdict("1").wrong())
        .containsExactly(NAME + " is 1 after 0 acknowledged additions and 0 open ones");
  }

  @Test
  void aLostAdditionIsFound() {
    counters.added(0, 1);
    counters.added(0, 2);
    assertThat(verdict("1").wrong())
        .containsExactly(
            NAME + " is 1 after 2 acknowledged additions and 0 open ones",
            "an addition to " + NAME + " was answered 2, and it is 1");
    assertThat(verdict(null).wrong()).hasSize(3);
  }

  @Test
  void aDoubledAdditionIsFound() {
    counters.added(0, 1);
    counters.added(0, 2);
    counters.mayHaveAdded(0);
    assertThat(verdict("4").wrong())
        .containsExactly(NAME + " is 4 after 2 acknowledged additions and 1 open ones");
  }

  @Test
  void twoAdditionsToTheSameNumberAreFound() {
    counters.added(0, 1);
    counters.added(0, 1);
    counters.mayHaveAdded(0);
    assertThat(verdict("2").wrong())
        .containsExactly("two additions to " + NAME + " were answered 1");
  }

  @Test
  void theRowIsWhatTheCachesAnswer() {
    counters.added(0, 1);
    assertThat(verdict("1", null).wrong())
        .containsExactly(NAME + " is 1 in the caches and absent in the database");
  }

  @Test
  void whatIsNoNumberIsFound() {
    assertThat(verdict("x").wrong()).containsExactly(NAME + " is no number but 'x'");
  }
}
