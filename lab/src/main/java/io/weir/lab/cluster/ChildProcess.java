package io.weir.lab.cluster;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of the demo over its restarts. Its output goes to its log.
 *
 * <p>Ctrl-C in a terminal reaches every process of the foreground group at once, and so does the
 * end of the terminal. The children must not hear either: the database would end before the cache
 * servers have written to it, and a cache server takes a second signal as the wish to end without
 * writing. So a shell sets both to be ignored and then becomes the child, which inherits that; a
 * JVM leaves an ignored signal alone. What stops a child is SIGTERM, from its supervisor.
 *
 * <p><b>Concurrency.</b> Guarded by its supervisor.
 */
final class ChildProcess {

  private static final List<String> DEAF =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

  /** Settings of this process's environment that a child must not take for its own. */
  private static final List<String> FOREIGN = List.of("WEIR_", "SPRING_", "SERVER_", "MANAGEMENT_");

  /** How many lines of a log say enough. */
  private static final int TAIL_LINES = 12;

  private final ProcessSpec spec;
  private final Path log;
  private @Nullable Process process;
  private long startedAt;
  private boolean ready;
  private @Nullable Integer refusedWith;
  private boolean stopAsked;
  private boolean endWanted;
  private boolean keptDown;
  private int quickDeaths;

  ChildProcess(ProcessSpec spec, Path log) {
    this.spec = spec;
    this.log = log;
  }

  ProcessSpec spec() {
    return spec;
  }

  Path log() {
    return log;
  }

  /** Starts it, in a folder of its own beside the logs. */
  Process start() {
    List<String> command = new ArrayList<>(DEAF);
    command.addAll(spec.command());
    try {
      Path folder = log.resolveSibling("..").resolve(spec.name()).normalize();
      PrivateFiles.createDirectories(folder);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
      // glibc keeps up to eight heaps a core otherwise, which count as this process's memory.
      builder.environment().put("MALLOC_ARENA_MAX", "2");
      builder.environment().putAll(spec.environment());
      Process started = builder.start();
      process = started;
      startedAt = System.nanoTime();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(spec.name() + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** The running process; null when it has ended. */
  @Nullable Process running() {
    return process != null && process.isAlive() ? process : null;
  }

  /** The process as it was started last. */
  @Nullable Process last() {
    return process;
  }

  @Nullable Long pid() {
    Process now = running();
    return now == null ? null : now.pid();
  }

  long startedAt() {
    return startedAt;
  }

  boolean isReady() {
    return ready;
  }

  /** It has served once; from now on it is started again whatever it ends with. */
  void becameReady() {
    ready = true;
  }

  /** The status that it refused to start with; null when it has not. */
  @Nullable Integer refusedWith() {
    return refusedWith;
  }

  void refused(int status) {
    refusedWith = status;
  }

  /**
   * Asks it to stop in order; once only, since a cache server takes a second one as the wish to
   * end.
   */
  void terminate() {
    Process now = running();
    if (now != null && !stopAsked) {
      stopAsked = true;
      now.destroy();
    }
  }

  /** Its next death is wanted. */
  void wantEnd() {
    endWanted = true;
  }

  /** Whether this death was wanted; asked once a death. */
  boolean takeWantedEnd() {
    boolean wanted = endWanted;
    endWanted = false;
    return wanted;
  }

  /** Whether it is not to be started again when it ends. */
  boolean isKeptDown() {
    return keptDown;
  }

  void keepDown(boolean down) {
    keptDown = down;
  }

  /** Counts a death soon after a start, and returns how many there were in a row. */
  int diedQuickly() {
    return ++quickDeaths;
  }

  void livedLong() {
    quickDeaths = 0;
  }

  /** The last lines of its log. */
  String tail() {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> last = new ArrayList<>();
      lines.forEach(line -> {
        if (!line.isBlank()) {
          last.add("  " + line);
        }
        if (last.size() > TAIL_LINES) {
          last.removeFirst();
        }
      });
      return String.join(System.lineSeparator(), last);
    } catch (IOException | UncheckedIOException e) {
      return "  (" + log + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
