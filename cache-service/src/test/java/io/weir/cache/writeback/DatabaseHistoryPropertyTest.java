package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Versioned;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Writes, flushes of open outcome, evictions, changes of leader and databases that go back to any
 * earlier state or come from another history, in random order. A read answers what was written last
 * or refuses; it answers less only after the operator has accepted the database, and only for a key
 * that was in no memory then. The moments that the database goes back to are those of acknowledged
 * flushes: of another, the number may be given once more, see {@link DatabaseHistory}.
 */
class DatabaseHistoryPropertyTest {

  private static final int ROUNDS = 100;
  private static final int STEPS = 400;
  private static final int KEYS = 12;

  private Random random = new Random();
  private long refused;
  private long accepted;

  /** A moment of the database. */
  private record Then(Map<Key, Versioned> rows, long number) {}

  @Test
  void noReadIsOlderThanWhatWasWritten() {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = new Random().nextLong();
      random = new Random(seed);
      try {
        run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isPositive();
    assertThat(accepted).isPositive();
  }

  private void run() {
    WriteBackFixture fixture = WriteBackFixture.of(settings());
    EngineFixture cache = fixture.cache;
    FakeBackingStore store = cache.store;
    Map<Key, Version> newest = new HashMap<>();
    List<Then> history = new ArrayList<>(List.of(new Then(Map.of(), 0)));
    for (int step = 0; step < STEPS; step++) {
      Key key = key("k" + random.nextInt(KEYS));
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> newest.put(key, cache.put(key.toString(), "v" + step));
        case 3, 4, 5, 6 -> read(cache, key, newest);
        case 7, 8 -> {
          fail(store);
          fixture.flushOld();
          store.heal();
          if (cache.engine.progress().now().acknowledged() == store.number()) {
            history.add(new Then(store.rows(), store.number()));
          }
        }
        case 9 -> cache.engine.dropClean();
        case 10 -> fixture.beginAnotherReign();
        default -> {
          if (random.nextInt(4) == 0) {
            Then then = history.get(random.nextInt(history.size()));
            store.goBackTo(then.rows(), then.number());
          } else {
            accept(fixture, newest);
          }
        }
      }
    }
    // In the end the database holds what was written last, but for what was accepted as lost.
    fixture.beginAnotherReign();
    fixture.flushOld();
    fixture.flushOld();
    accept(fixture, newest);
    fixture.flushOld();
    cache.engine.dropClean();
    newest.forEach((key, version) ->
        assertThat(cache.read(key, false).what().version())
            .as("%s", key)
            .isGreaterThanOrEqualTo(version));
  }

  private void fail(FakeBackingStore store) {
    switch (random.nextInt(4)) {
      case 0 ->
          store.beforeFlush =
              batch -> {
                throw FakeBackingStore.unavailable();
              };
      case 1 ->
          store.afterCommit =
              batch -> {
                throw FakeBackingStore.unavailable();
              };
      default -> store.heal();
    }
  }

  private void read(EngineFixture cache, Key key, Map<Key, Version> newest) {
    try {
      Version seen = cache.read(key, false).what().version();
      assertThat(seen).as("%s", key).isGreaterThanOrEqualTo(newest.getOrDefault(key, Version.NONE));
    } catch (DatabaseBehindException | EngineException.WentBack | StoreUnavailableException e) {
      refused++;
    }
  }

  /** Accepts the database, as an operator does who was told what is missing. */
  private void accept(WriteBackFixture fixture, Map<Key, Version> newest) {
    EngineFixture cache = fixture.cache;
    CompletableFuture<AcceptOutcome> done =
        fixture.writeBack.acceptDatabase(cache.engine.progress().now().missing());
    boolean _ = fixture.writeBack.flushDue();
    if (done.join() != AcceptOutcome.ACCEPTED) {
      return;
    }
    accepted++;
    newest.replaceAll((key, version) ->
        cache.isResident(key.toString()) ? version : cache.store.row(key).version());
  }
}
