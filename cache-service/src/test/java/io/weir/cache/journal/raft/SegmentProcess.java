package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.LogEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that appends to a log of small segments until it is killed, and prints the index of
 * each last entry that is on disk. What is older is dropped, so that its files are used again and
 * again.
 */
final class SegmentProcess {

  static final int SEGMENT_BYTES = 64 << 10;
  static final int KEPT = 500;

  private static final int LARGEST = 3_000;

  private SegmentProcess() {}

  /** Starts it as a process of its own, or one that only opens the log. */
  static Process start(Path directory, boolean opensOnly) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            SegmentProcess.class.getName(),
            directory.toString(),
            Boolean.toString(opensOnly))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** How large an entry is. */
  static int bytesOf(long index) {
    return (int) (index * 7_919 % LARGEST);
  }

  /**
   * @param arguments directory, and whether it is opened only
   */
  public static void main(String[] arguments) {
    System.out.println("opening");
    System.out.flush();
    SegmentLogStorage log = TestLog.open(Path.of(arguments[0]), SEGMENT_BYTES);
    if (Boolean.parseBoolean(arguments[1])) {
      System.out.println("open");
      log.shutdown();
      return;
    }
    long next = log.getLastLogIndex() + 1;
    while (true) {
      List<LogEntry> entries = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        entries.add(TestLog.data(next, bytesOf(next)));
        next++;
      }
      log.appendEntries(entries);
      System.out.println(next - 1);
      System.out.flush();
      if (next - log.getFirstLogIndex() > 2 * KEPT) {
        log.truncatePrefix(next - KEPT);
      }
    }
  }
}
