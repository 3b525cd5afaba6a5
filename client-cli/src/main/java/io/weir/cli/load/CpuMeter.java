package io.weir.cli.load;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** CPU time of the process and of its event loops since {@link #restart}. */
final class CpuMeter {

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] threadIds;
  private final long[] threadStarts;
  private long processStart;
  private long startedAt;

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
    for (int i = 0; i < threadIds.length; i++) {
      threadStarts[i] = threads.getThreadCpuTime(threadIds[i]);
    }
  }

  LoadReport.Cpu read() {
    double elapsed = Math.max(1, System.nanoTime() - startedAt);
    double busiest = 0;
    for (int i = 0; i < threadIds.length; i++) {
      busiest =
          Math.max(busiest, (threads.getThreadCpuTime(threadIds[i]) - threadStarts[i]) / elapsed);
    }
    return new LoadReport.Cpu(
        (process.getProcessCpuTime() - processStart) / elapsed, busiest, threadIds.length);
  }
}
