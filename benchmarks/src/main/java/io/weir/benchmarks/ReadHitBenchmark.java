package io.weir.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.time.Duration;
import java.util.Objects;
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
 * Reads of resident keys: the engine's exact LRU beside Caffeine, whose policy is approximate and
 * whose reads take no lock. Keys are skewed: the square of a uniform number.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@Threads(2)
public class ReadHitBenchmark {

  private static final int KEYS = 100_000;

  private Key[] keys = {};
  private @Nullable EngineFixture fixture;
  private @Nullable EngineFixture leased;
  private Cache<Key, Value> caffeine = Caffeine.newBuilder().build();

  @Setup
  public void fill() {
    keys = EngineFixture.keys(KEYS);
    fixture = EngineFixture.inMemory();
    ReadLease lease = new ReadLease(Duration.ofDays(1), System::nanoTime);
    lease.grant(1);
    lease.confirmed(Objects.requireNonNull(lease.request()));
    leased = EngineFixture.inMemory(new LeaseGuard(lease));
    caffeine = Caffeine.newBuilder().maximumSize(2 * KEYS).build();
    for (Key key : keys) {
      Value value = new Value(new byte[100], null, Value.NEVER);
      fixture.engine().write(key, value, Condition.NONE, Durability.MEMORY);
      leased.engine().write(key, value, Condition.NONE, Durability.MEMORY);
      caffeine.put(key, value);
    }
  }

  @TearDown
  public void close() {
    if (fixture != null) {
      fixture.close();
    }
    if (leased != null) {
      leased.close();
    }
  }

  @Benchmark
  public @Nullable Read weir() {
    return fixture == null ? null : fixture.engine().read(next(), false, null);
  }

  /** As a leader reads, who asks its lease each time. */
  @Benchmark
  public @Nullable Read weirUnderLease() {
    return leased == null ? null : leased.engine().read(next(), false, null);
  }

  private record LeaseGuard(ReadLease lease) implements ReadGuard {

    @Override
    public boolean isCurrent() {
      return lease.isValid();
    }

    @Override
    public void confirm() {
      throw new IllegalStateException("the lease does not end within a day");
    }
  }

  @Benchmark
  public @Nullable Value caffeine() {
    return caffeine.getIfPresent(next());
  }

  private Key next() {
    double uniform = ThreadLocalRandom.current().nextDouble();
    return keys[(int) (uniform * uniform * KEYS)];
  }
}
