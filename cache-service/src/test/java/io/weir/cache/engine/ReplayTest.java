package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A log that does not hold all versions, since some were written to memory alone. */
class ReplayTest {

  private final EngineFixture cache = EngineFixture.of(settings());

  private void written(String key, long version, String value) {
    cache.engine.apply(
        new Mutation.Written(new Write(key(key), new Version(version), value(value))));
  }

  private void flushed(String key, long version) {
    cache.engine.apply(new Mutation.Flushed(key(key), new Version(version)));
  }

  @Test
  void aSnapshotHoldsNothingThatIsInMemoryAlone() {
    Version memory = cache.put("memory", "v");
    written("journalled", 7, "v");
    written("was in memory", cache.put("was in memory", "v").value() + 1, "w");

    List<Key> saved = new ArrayList<>();
    cache.saved().forEach(write -> saved.add(write.key()));

    assertThat(saved).containsExactlyInAnyOrder(key("journalled"), key("was in memory"));
    assertThat(cache.takeAll()).extracting(Write::version).contains(memory);
  }

  @Test
  void aFlushOfANewerVersionTakesAnOlderOneOutBeItCleanOrDirty() {
    cache.store.insert(key("clean"), 2, value("new"));
    cache.store.insert(key("dirty"), 2, value("new"));
    written("clean", 1, "old");
    flushed("clean", 1);
    written("dirty", 1, "old");

    flushed("clean", 2);
    flushed("dirty", 2);
    flushed("absent", 2);

    assertThat(cache.engine.statistics().memory().entries()).isZero();
    assertThat(cache.engine.statistics().memory().bytes()).isZero();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    assertThat(cache.takeAll()).isEmpty();
    assertThat(cache.get("clean")).isEqualTo("new");
    assertThat(cache.get("dirty")).isEqualTo("new");
  }

  @Test
  void whatIsCleanAfterAReplayCanBeDropped() {
    cache.store.insert(key("clean"), 2, value("new"));
    written("clean", 1, "old");
    flushed("clean", 1); // And version 2 came to the database without a word in the log.
    assertThat(cache.get("absent")).isNull();
    written("dirty", 3, "v");

    cache.engine.dropClean();

    assertThat(cache.engine.statistics().memory().entries()).isEqualTo(1);
    assertThat(cache.get("clean")).isEqualTo("new");
    assertThat(cache.get("dirty")).isEqualTo("v");
  }

  @Test
  void aLoadInFlightIsNotInstalledAfterTheDrop() {
    cache.store.insert(key("k"), 1, value("before"));
    cache.store.afterLoad =
        loaded -> {
          cache.store.afterLoad = other -> {};
          cache.store.insert(key("k"), 2, value("after"));
          cache.engine.dropClean();
        };

    assertThat(cache.get("k")).isEqualTo("before"); // It overlaps.
    assertThat(cache.isResident("k")).isFalse();
    assertThat(cache.get("k")).isEqualTo("after");
  }
}
