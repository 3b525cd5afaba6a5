package io.weir.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Blind writes with write-back running, to a database that costs nothing: what the engine adds to a
 * put. Caffeine's put, with no write-back behind it, is the floor beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@Threads(2)
public class WriteBenchmark {

  private static final int KEYS = 100_000;

  private final Value value = new Value(new byte[100], null, Value.NEVER);
  private Key[] keys = {};
  private @Nullable EngineFixture fixture;
  private Cache<Key, Value> caffeine = Caffeine.newBuilder().build();

  @Setup
  public void fill() {
    keys = EngineFixture.keys(KEYS);
    fixture = EngineFixture.inMemory();
    caffeine = Caffeine.newBuilder().maximumSize(2 * KEYS).build();
  }

  @TearDown
  public void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Benchmark
  public @Nullable Written weir() {
    return fixture == null
        ? null
        : fixture.engine().write(next(), value, Condition.NONE, Durability.MEMORY);
  }

  @Benchmark
  public void caffeine() {
    caffeine.put(next(), value);
  }

  private Key next() {
    double uniform = ThreadLocalRandom.current().nextDouble();
    return keys[(int) (uniform * uniform * KEYS)];
  }
}
