package io.weir.benchmarks;

import io.weir.model.Key;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Zipfian reads and writes of resident keys, by the same thread in turn. */
@State(Scope.Benchmark)
public class MixBenchmark extends Contest {

  /** The share of reads in per cent. */
  @Param({"95", "50"})
  public int reads = 95;

  private int readsOf128;

  @Setup
  public void fill() {
    readsOf128 = Math.round(reads * 1.28f);
    fillAll(Draws.zipfian(keys, draws()));
  }

  @Benchmark
  public @Nullable Object mix(Turn turn) {
    boolean isRead = turn.outOf128() < readsOf128;
    Key key = next(turn);
    if (isRead) {
      return contender().get(key);
    }
    contender().put(key);
    return null;
  }
}
