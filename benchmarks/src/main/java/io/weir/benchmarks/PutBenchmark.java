package io.weir.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Zipfian writes of resident keys: what Weir adds to a put, with a journal that applies at once, to
 * a database that costs nothing. The peers have nothing behind them, and are the floor.
 */
@State(Scope.Benchmark)
public class PutBenchmark extends Contest {

  @Setup
  public void fill() {
    fillAll(Draws.zipfian(keys, draws()));
  }

  @Benchmark
  public void put(Turn turn) {
    contender().put(next(turn));
  }
}
