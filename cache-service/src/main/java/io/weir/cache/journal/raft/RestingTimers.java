package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.core.Scheduler;
import com.alipay.sofa.jraft.core.TimerManager;
import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.DefaultTimer;
import com.alipay.sofa.jraft.util.timer.RaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.Timer;

/**
 * What JRaft finds by its service loader in place of its own timers: those wait for the next tick
 * of a wheel, one each millisecond, whether anything is due or not. A member has five. These wait
 * for what is due next. Each is one thread, which is made with its first task.
 */
@SPI(name = "weir", priority = 100)
public final class RestingTimers implements RaftTimerFactory {

  @Override
  public Timer getElectionTimer(boolean shared, String name) {
    return createTimer(name);
  }

  @Override
  public Timer getVoteTimer(boolean shared, String name) {
    return createTimer(name);
  }

  @Override
  public Timer getStepDownTimer(boolean shared, String name) {
    return createTimer(name);
  }

  @Override
  public Timer getSnapshotTimer(boolean shared, String name) {
    return createTimer(name);
  }

  @Override
  public Scheduler getRaftScheduler(boolean shared, int workers, String name) {
    return createScheduler(workers, name);
  }

  @Override
  public Timer createTimer(String name) {
    return new DefaultTimer(1, name);
  }

  @Override
  public Scheduler createScheduler(int workers, String name) {
    return new TimerManager(workers, name);
  }
}
