package io.weir.cli.load;

import io.weir.cli.shell.Terminal;
import io.weir.load.report.LoadText;
import io.weir.load.run.LoadProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * The live line of a load on standard error: rewritten every second where somebody watches, else a
 * new line every five seconds.
 */
public final class ProgressLine implements LoadProgress.Listener {

  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean interactive;
  private Duration printedAt = Duration.ZERO;

  public ProgressLine(Terminal terminal) {
    this.err = terminal.err();
    this.interactive = terminal.interactive();
  }

  @Override
  public void progressed(LoadProgress progress) {
    boolean last = progress.remaining().isZero();
    if (interactive) {
      err.print(ERASE + line(progress) + (last ? System.lineSeparator() : ""));
      err.flush();
    } else if (last
        || progress.elapsed().compareTo(printedAt) < 0 // Another run.
        || progress.elapsed().minus(printedAt).compareTo(EVERY) >= 0) {
      printedAt = progress.elapsed();
      err.println(line(progress));
    }
  }

  private static String line(LoadProgress progress) {
    Double hitRatio = progress.hitRatio();
    return String.format(
        Locale.ROOT,
        "%s %3ds, %3ds left  %,9.0f op/s  p99 %s  errors %,d%s",
        switch (progress.stage()) {
          case FILLING -> "inserting";
          case WARMING_UP -> "warm-up  ";
          case MEASURING -> "load     ";
        },
        progress.elapsed().plusMillis(500).toSeconds(),
        progress.remaining().plusMillis(500).toSeconds(),
        progress.perSecond(),
        LoadText.time(progress.p99().toNanos() / 1_000.0),
        progress.errors(),
        hitRatio == null ? "" : String.format(Locale.ROOT, "  hits %.1f%%", hitRatio * 100));
  }
}
