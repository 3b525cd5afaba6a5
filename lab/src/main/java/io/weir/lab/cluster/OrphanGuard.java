package io.weir.lab.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A shell that outlives this process for a moment, should it be killed: it learns over a pipe which
 * processes run, and when the pipe ends without a farewell, it stops them in the usual order.
 *
 * <p><b>Failure.</b> Best effort. If the shell is gone, nothing guards the processes, and the demo
 * goes on.
 */
final class OrphanGuard implements AutoCloseable {

  /** Each line that it reads replaces the one before: pids with commas, by stage, with blanks. */
  private static final String SCRIPT =
      """
      trap '' INT HUP TERM
      stages=
      while read -r line; do stages=$line; done
      for stage in $stages; do
        pids=$(echo "$stage" | tr , ' ')
        for pid in $pids; do kill -TERM "$pid"; done
        left=120
        for pid in $pids; do
          while [ $left -gt 0 ] && kill -0 "$pid"; do sleep 1; left=$((left - 1)); done
        done
        for pid in $pids; do kill -KILL "$pid"; done
      done
      """;

  private final Process shell;
  private final OutputStream pipe;

  OrphanGuard(Process shell) {
    this.shell = shell;
    this.pipe = shell.getOutputStream();
  }

  static OrphanGuard start() {
    return new OrphanGuard(shell());
  }

  static Process shell() {
    try {
      return new ProcessBuilder("/bin/sh", "-c", SCRIPT)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start /bin/sh", e);
    }
  }

  /** Tells it what runs now. */
  void guard(List<ChildProcess> children) {
    say(
        Stream.of(Role.values())
            .map(role ->
                children.stream()
                    .filter(child -> child.spec().role() == role)
                    .map(ChildProcess::pid)
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .collect(Collectors.joining(",")))
            .filter(stage -> !stage.isEmpty())
            .collect(Collectors.joining(" ")));
  }

  private synchronized void say(String line) {
    try {
      pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      pipe.flush();
    } catch (IOException e) {
      // It is gone, and with it no more than the last resort.
    }
  }

  /** Ends it: nothing is left to guard. */
  @Override
  public void close() {
    say("");
    try {
      pipe.close();
      if (!shell.waitFor(2, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
