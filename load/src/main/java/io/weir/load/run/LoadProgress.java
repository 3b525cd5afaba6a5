package io.weir.load.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a load is getting on.
 *
 * @param elapsed since the start, whatever came first included
 * @param remaining until the end of the run; while keys are inserted, an estimate of how long that
 *     takes on; zero in the last word of a stage
 * @param perSecond successful operations, in the last interval
 * @param p99 of their response times
 * @param errors since the start
 * @param hitRatio of the last interval; null when no answer told
 */
public record LoadProgress(
    Stage stage,
    Duration elapsed,
    Duration remaining,
    double perSecond,
    Duration p99,
    long errors,
    @Nullable Double hitRatio) {

  /** What is going on. */
  public enum Stage {
    /** Keys are inserted. */
    FILLING,
    /** What happens does not count yet. */
    WARMING_UP,
    MEASURING
  }

  /** Told about once a second, on the thread that runs the load. */
  public interface Listener {
    void progressed(LoadProgress progress);
  }
}
