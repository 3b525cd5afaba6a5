package io.weir.benchmarks;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Zipfian reads of resident keys. */
@State(Scope.Benchmark)
public class HitBenchmark extends Contest {

  @Setup
  public void fill() {
    fillAll(Draws.zipfian(keys, draws()));
  }

  @Benchmark
  public @Nullable Object hit(Turn turn) {
    return contender().get(next(turn));
  }
}
