package io.weir.load.run;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** CPU time of the process and of its event loops. Confined to one thread. */
final class CpuMeter {

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] threadIds;
  private final long[] threadStarts;
  private long processStart;
  private long startedAt;
  private long lapProcess;
  private long lapAt;

  /**
   * What was used in a span of time.
   *
   * @param cores of the whole process, 1 being one core all the time
   * @param busiestLoop share of the time in which the busiest event loop ran
   * @param threads number of event loops
   */
  record Usage(double cores, double busiestLoop, int threads) {}

  CpuMeter(List<EventLoop> loops) throws InterruptedException {
    threadIds = new long[loops.size()];
    threadStarts = new long[loops.size()];
    for (int i = 0; i < threadIds.length; i++) {
      try {
        threadIds[i] = loops.get(i).submit(() -> Thread.currentThread().threadId()).get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    restart();
  }

  void restart() {
    startedAt = System.nanoTime();
    processStart = process.getProcessCpuTime();
    lapAt = startedAt;
    lapProcess = processStart;
    for (int i = 0; i < threadIds.length; i++) {
      threadStarts[i] = threads.getThreadCpuTime(threadIds[i]);
    }
  }

  /** Cores that the process has used since the last call, or the start. */
  double lap() {
    long now = System.nanoTime();
    long used = process.getProcessCpuTime();
    double cores = (used - lapProcess) / (double) Math.max(1, now - lapAt);
    lapAt = now;
    lapProcess = used;
    return cores;
  }

  /** What was used since the start. */
  Usage sinceStart() {
    double elapsed = Math.max(1, System.nanoTime() - startedAt);
    double busiest = 0;
    for (int i = 0; i < threadIds.length; i++) {
      busiest =
          Math.max(busiest, (threads.getThreadCpuTime(threadIds[i]) - threadStarts[i]) / elapsed);
    }
    return new Usage(
        (process.getProcessCpuTime() - processStart) / elapsed, busiest, threadIds.length);
  }
}
