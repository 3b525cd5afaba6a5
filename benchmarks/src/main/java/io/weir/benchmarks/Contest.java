package io.weir.benchmarks;

import io.weir.model.Key;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the benchmarks of Weir's engine beside its peers share: a {@link Contender}, its keys, and
 * the order in which they come, which is drawn before anything is measured.
 *
 * <p>With {@code key=made} each operation makes its key of bytes, as a request does: its array and
 * its object are allocated, and nobody knows its hash yet. With {@code key=ready} the objects that
 * the cache was filled with come again, whose {@code hashCode} is known; whatever is allocated then
 * is the cache's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@Threads(2)
public abstract class Contest {

  private static final int DRAWS = 1 << 20;

  /** Of Weir's, for each key: so many that what is dirty has room. */
  private static final long AMPLE_BYTES = 2_000;

  @Param({
    Contender.WEIR,
    Contender.WEIR_READ_WRITE,
    Contender.CAFFEINE,
    Contender.CONCURRENT_HASH_MAP,
    Contender.LINKED_HASH_MAP,
    Contender.EHCACHE
  })
  public String cache = Contender.WEIR;

  /** Of Weir's table; the others know none. */
  @Param("64")
  public int stripes = 64;

  @Param("100000")
  public int keys = 100_000;

  @Param({"ready", "made"})
  public String key = "ready";

  private Key[] all = {};
  private int[] draws = {};
  private boolean makes;
  private @Nullable Contender contender;

  /** Where a thread is in the draws. */
  @State(Scope.Thread)
  public static class Turn {
    private int at = ThreadLocalRandom.current().nextInt();

    /** Takes the next of 128 equally likely numbers, by the same draws whoever is measured. */
    int outOf128() {
      return (at * 0x9e3779b9) >>> 25;
    }
  }

  /** Fills a cache that holds all keys, with all of them. */
  final void fillAll(int[] drawn) {
    fill(keys, keys * AMPLE_BYTES, drawn);
  }

  /** Fills a cache that holds a tenth of the keys. */
  final void fillTenth(int[] drawn) {
    fill(keys / 10, (long) keys / 10 * EngineFixture.WEIGHT, drawn);
  }

  private void fill(int filled, long maxBytes, int[] drawn) {
    draws = drawn;
    makes = key.equals("made");
    all = EngineFixture.keys(keys);
    Contender made = Contender.of(cache, filled, maxBytes, stripes);
    for (int i = 0; i < filled; i++) {
      made.put(all[i]);
    }
    contender = made;
  }

  /** How many draws the order of the keys has. */
  static int draws() {
    return DRAWS;
  }

  final Contender contender() {
    return Objects.requireNonNull(contender);
  }

  final Key next(Turn turn) {
    Key drawn = all[draws[turn.at++ & (DRAWS - 1)]];
    return makes ? Key.of(drawn.bytes().clone()) : drawn;
  }

  /** Ends what the contender runs. */
  @TearDown
  public final void close() {
    contender().close();
  }
}
