package io.weir.cache.journal.raft;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * A process that appends until it is killed, and prints the version of each write it acknowledges.
 */
final class AppendingProcess {

  private static final int CALLERS = 32;

  private AppendingProcess() {}

  /**
   * @param arguments directory, port and the first version
   */
  public static void main(String[] arguments) throws InterruptedException {
    TestMember member =
        TestMember.start(
            TestMember.settings(Path.of(arguments[0]), Integer.parseInt(arguments[1]), 200_000),
            RaftJournal.Beginning.FOUND);
    member.awaitReign();
    Semaphore callers = new Semaphore(CALLERS);
    for (long version = Long.parseLong(arguments[2]); ; version++) {
      callers.acquire();
      long acknowledged = version;
      CompletableFuture<?> done = member.append(TestMember.written("k" + version, version));
      done.thenRun(() -> {
        System.out.println(acknowledged);
        System.out.flush();
        callers.release();
      });
    }
  }
}
