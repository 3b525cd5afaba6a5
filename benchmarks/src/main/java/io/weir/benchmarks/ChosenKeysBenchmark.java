package io.weir.benchmarks;

import io.weir.cache.engine.Condition;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads and writes of 131,072 resident keys that somebody has chosen so that all have one hash
 * code, beside as many random ones of the same length.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@Threads(1)
public class ChosenKeysBenchmark {

  private static final int BLOCKS = 17;
  private static final int KEYS = 1 << BLOCKS;

  @Param({"random", "oneHashCode"})
  public String kind = "random";

  private final SplittableRandom random = new SplittableRandom(1);
  private final Value value = new Value(new byte[100], null, Value.NEVER);
  private final Key[] keys = new Key[KEYS];
  private @Nullable EngineFixture fixture;

  @Setup
  public void fill() {
    EngineFixture filled = EngineFixture.inMemory();
    for (int i = 0; i < KEYS; i++) {
      keys[i] = kind.equals("oneHashCode") ? ofOneHashCode(i) : random();
    }
    for (Key key : keys) {
      filled.engine().write(key, value, Condition.NONE, Durability.MEMORY);
    }
    fixture = filled;
  }

  @TearDown
  public void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Benchmark
  public @Nullable Read read() {
    return fixture == null ? null : fixture.engine().read(next(), false, null);
  }

  @Benchmark
  public @Nullable Written write() {
    return fixture == null
        ? null
        : fixture.engine().write(next(), value, Condition.NONE, Durability.MEMORY);
  }

  private Key next() {
    return keys[random.nextInt(KEYS)];
  }

  /** {@code "Aa"} and {@code "BB"} have one hash code, and so has whatever is made of them. */
  private static Key ofOneHashCode(int number) {
    StringBuilder text = new StringBuilder(2 * BLOCKS);
    for (int block = 0; block < BLOCKS; block++) {
      text.append((number >>> block & 1) == 0 ? "Aa" : "BB");
    }
    return Key.of(text.toString());
  }

  private Key random() {
    StringBuilder text = new StringBuilder(2 * BLOCKS);
    for (int i = 0; i < 2 * BLOCKS; i++) {
      text.append((char) ('A' + random.nextInt(58)));
    }
    return Key.of(text.toString());
  }
}
