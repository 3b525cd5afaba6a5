package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.kv.Versioned;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes, flushes of open outcome, evictions, changes of leader and databases that go back to any
 * earlier state or come from another history, in random order. A read answers what was written last
 * or refuses; it answers less only after the operator has accepted the database, and only for a key
 * that was in no memory then. Where the database only ever loses what has not settled, nobody is
 * asked to accept anything, and no read is older at all.
 */
class DatabaseHistoryPropertyTest {

  private static final int ROUNDS = 100;
  private static final int STEPS = 400;
  private static final int KEYS = 12;

  private Random random = new Random();
  private long refused;
  private long accepted;
  private long failovers;

  private static final Duration SETTLE = Duration.ofSeconds(4);

  /**
   * A moment of the database.
   *
   * @param nanos the ticker's, when it began
   */
  private record Then(Map<Key, Versioned> rows, long number, long nanos) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noReadIsOlderThanWhatWasWritten(boolean settles) {
    rounds(() -> run(settles ? SETTLE : Duration.ZERO, false));
    assertThat(refused).isPositive();
    assertThat(accepted).isPositive();
  }

  @Test
  void whatOnlyLosesWhatHasNotSettledLosesNothing() {
    rounds(() -> run(SETTLE, true));
    assertThat(failovers).isPositive();
    assertThat(accepted).isZero();
  }

  private void rounds(Runnable round) {
    for (int i = 0; i < ROUNDS; i++) {
      long seed = new Random().nextLong();
      random = new Random(seed);
      try {
        round.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /**
   * @param young whether the database never loses what it has held for as long as that settles
   */
  private void run(Duration settle, boolean young) {
    WriteBackFixture fixture =
        WriteBackFixture.of(settings(), new FakeTicker(), WriteBackFixture.flushing(100, settle));
    EngineFixture cache = fixture.cache;
    FakeBackingStore store = cache.store;
    Map<Key, Version> newest = new HashMap<>();
    List<Then> history = new ArrayList<>();
    history.add(then(fixture));
    for (int step = 0; step < STEPS; step++) {
      Key key = key("k" + random.nextInt(KEYS));
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> newest.put(key, cache.put(key.toString(), "v" + step));
        case 3, 4, 5, 6 -> read(cache, key, newest);
        case 7, 8 -> {
          fail(store);
          if (young) {
            flushSoon(fixture);
          } else {
            fixture.flushOld();
          }
          store.heal();
        }
        case 9 -> cache.engine.dropClean();
        case 10 -> fixture.beginAnotherReign();
        default -> {
          if (random.nextInt(4) == 0) {
            int to = young ? youngest(fixture, history) : random.nextInt(history.size());
            store.goBackTo(history.get(to).rows(), history.get(to).number());
            failovers++;
            if (young) {
              history.subList(to + 1, history.size()).clear();
            }
          } else {
            accept(fixture, newest);
          }
        }
      }
      if (store.number() != history.getLast().number()) {
        history.add(then(fixture));
      }
    }
    // In the end the database holds what was written last, but for what was accepted as lost.
    fixture.beginAnotherReign();
    fixture.flushOld();
    fixture.flushOld();
    accept(fixture, newest);
    fixture.flushOld();
    fixture.flushOld();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    cache.engine.dropClean();
    newest.forEach((key, version) ->
        assertThat(cache.read(key, false).what().version())
            .as("%s", key)
            .isGreaterThanOrEqualTo(version));
  }

  private static Then then(WriteBackFixture fixture) {
    FakeBackingStore store = fixture.cache.store;
    return new Then(store.rows(), store.number(), fixture.cache.ticker.nanos());
  }

  /** A moment of which nothing that came after it has been there for as long as that settles. */
  private int youngest(WriteBackFixture fixture, List<Then> history) {
    long now = fixture.cache.ticker.nanos();
    int to = history.size() - 1;
    while (to > 0 && now - history.get(to).nanos() < SETTLE.toNanos() && random.nextInt(4) > 0) {
      to--;
    }
    return to;
  }

  /** Flushes all that is dirty, a little later. */
  private void flushSoon(WriteBackFixture fixture) {
    fixture.advance(Duration.ofMillis(random.nextInt(1_500)));
    try {
      boolean _ = fixture.writeBack.flushAll(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (int i = 0; i < 3; i++) {
      boolean _ = fixture.writeBack.flushDue();
    }
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
