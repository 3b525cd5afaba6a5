package io.weir.lab.demo;

import io.weir.lab.cluster.Console;
import io.weir.load.report.LoadText;
import io.weir.load.result.LoadResult;
import io.weir.load.run.LoadProgress;
import io.weir.load.run.LoadRun;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The load before the one that is measured: it goes on until the throughput is flat, or its time is
 * over. Programs that have just been started are many times slower than they will be.
 *
 * <p><b>Concurrency.</b> All of it happens in the thread that runs the load.
 */
final class WarmUp implements LoadProgress.Listener {

  private final Console console;
  private final Plateau plateau = new Plateau();
  private @Nullable LoadRun run;
  private Duration last = Duration.ZERO;

  WarmUp(Console console) {
    this.console = console;
  }

  /**
   * What came of it.
   *
   * @param flat whether the throughput became flat; else it may still have been growing
   */
  record Outcome(boolean flat, double seconds, LoadResult result) {

    @Override
    public String toString() {
      return flat
          ? String.format(Locale.ROOT, "%.0f s, until %s", seconds, Plateau.RULE)
          : String.format(
              Locale.ROOT,
              "%.0f s, and still growing: %s",
              seconds,
              Plateau.RULE.replace(" were ", " were not yet "));
    }
  }

  /**
   * Does it, once.
   *
   * @param runs makes the run that this listens to, whose duration is the longest
   */
  Outcome run(Function<LoadProgress.Listener, LoadRun> runs) throws InterruptedException {
    LoadRun warming = runs.apply(this);
    run = warming;
    LoadResult result = warming.run();
    Outcome outcome = new Outcome(plateau.isFlat(), result.seconds(), result);
    console.event("warmed up for " + outcome);
    return outcome;
  }

  @Override
  public void progressed(LoadProgress progress) {
    double seconds = progress.elapsed().minus(last).toMillis() / 1e3;
    last = progress.elapsed();
    if (plateau.isFlat()) {
      return; // The rest, after the stop.
    }
    plateau.add(seconds, progress.perSecond() * seconds);
    console.progress(line(progress), false);
    if (plateau.isFlat() && run != null) {
      run.stop();
    }
  }

  private static String line(LoadProgress progress) {
    Double hitRatio = progress.hitRatio();
    return String.format(
        Locale.ROOT,
        "warm-up   %3ds, %ds at most  %,9.0f op/s  p99 %s  errors %,d%s",
        progress.elapsed().plusMillis(500).toSeconds(),
        progress.elapsed().plus(progress.remaining()).plusMillis(500).toSeconds(),
        progress.perSecond(),
        LoadText.time(progress.p99().toNanos() / 1_000.0),
        progress.errors(),
        hitRatio == null ? "" : String.format(Locale.ROOT, "  hits %.1f%%", hitRatio * 100));
  }
}
