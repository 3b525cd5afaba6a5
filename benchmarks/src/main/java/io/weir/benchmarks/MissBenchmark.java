package io.weir.benchmarks;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Uniform reads of ten times as many keys as there is room for: nine in ten are loaded, and evict
 * another. {@link Contender#CONCURRENT_HASH_MAP} loads them too, and evicts none.
 */
@State(Scope.Benchmark)
public class MissBenchmark extends Contest {

  @Setup
  public void fill() {
    fillTenth(Draws.uniform(keys, draws()));
  }

  @Benchmark
  public @Nullable Object miss(Turn turn) {
    return contender().get(next(turn));
  }
}
