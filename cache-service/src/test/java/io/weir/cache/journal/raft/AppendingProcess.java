package io.weir.cache.journal.raft;

import io.weir.cache.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A process that appends until it is killed, and prints the version of each write it acknowledges.
 */
final class AppendingProcess {

  private static final int CALLERS = 32;

  /** The status that it ends with when its journal is broken. */
  static final int BROKEN = 3;

  private AppendingProcess() {}

  /** Starts it as a process of its own. */
  static Process start(Path directory, int port, long firstVersion) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            directory.toString(),
            Integer.toString(port),
            Long.toString(firstVersion))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /**
   * @param arguments directory, port and the first version
   */
  public static void main(String[] arguments) throws InterruptedException {
    TestMember member =
        TestMember.start(
            TestMember.settings(Path.of(arguments[0]), Integer.parseInt(arguments[1]), 200_000),
            RaftJournal.Beginning.FOUND);
    // The one that it has now: once it is broken there is no other to wait for.
    Journal journal = member.journal.under(member.awaitReign());
    Semaphore callers = new Semaphore(CALLERS);
    for (long version = Long.parseLong(arguments[2]); ; version++) {
      while (!callers.tryAcquire(50, TimeUnit.MILLISECONDS)) {
        if (!member.broken.isEmpty()) {
          Runtime.getRuntime().halt(BROKEN);
        }
      }
      long acknowledged = version;
      CompletableFuture<?> done =
          journal.append(List.of(TestMember.written("k" + version, version)));
      done.thenRun(() -> {
        System.out.println(acknowledged);
        System.out.flush();
        callers.release();
      });
    }
  }
}
