package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.ScanPage;
import io.weir.cache.engine.ScanRequest;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Key;
import io.weir.model.SlotRange;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotKeysTest {

  private static final List<Key> KEYS =
      IntStream.range(0, 5).mapToObj(i -> Key.of("{user:1}" + i)).toList();
  private static final int SLOT = KEYS.getFirst().slot();

  private final List<ScanRequest> asked = new ArrayList<>();
  private final ScanTurns turns = new ScanTurns(Duration.ZERO);
  private final SlotKeys keys = new SlotKeys(this::page, turns);

  /** Two keys a page, whatever is asked for. */
  private ScanPage page(ScanRequest request) {
    asked.add(request);
    Key after = request.range().after();
    int from = after == null ? 0 : KEYS.indexOf(after) + 1;
    int to = Math.min(KEYS.size(), from + Math.min(2, request.maxEntries()));
    return new ScanPage(
        KEYS.subList(from, to).stream().map(SlotKeysTest::row).toList(),
        to == KEYS.size() ? null : KEYS.get(to - 1));
  }

  private static Row row(Key key) {
    Value value = new Value(new byte[1], null, Value.NEVER);
    return new Row(key, new Versioned.Held(new Version(1), value));
  }

  @Test
  void allPagesOfTheSlotAreCounted() {
    assertThat(keys.count(SLOT)).isEqualTo(5);
    assertThat(asked)
        .hasSize(3)
        .allSatisfy(one -> assertThat(one.range().slots()).isEqualTo(new SlotRange(SLOT, SLOT)));
  }

  @Test
  void whileFourOthersReadAPageItIsRefused() {
    assertThatThrownBy(() ->
            turns.take(
                () -> turns.take(() -> turns.take(() -> turns.take(() -> keys.count(SLOT))))))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageStartingWith("TRYAGAIN ");
    assertThat(asked).isEmpty();
    assertThat(keys.count(SLOT)).isEqualTo(5);
  }

  @Test
  void noMoreKeysAreReadThanAreWanted() {
    assertThat(keys.first(SLOT, 3)).isEqualTo(KEYS.subList(0, 3));
    assertThat(asked).extracting(ScanRequest::maxEntries).containsExactly(3, 1);
    assertThat(keys.first(SLOT, 100)).isEqualTo(KEYS);
  }
}
