package io.weir.lab.cluster;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the demo's processes running: one that dies is started again with the same arguments, at
 * once, or after a back-off when it dies again soon. One that ends by itself before it has ever
 * served has refused to start, and is not started again.
 *
 * <p><b>Concurrency.</b> Its lock guards the children; deaths and restarts are handled by one
 * thread, {@code weir-demo-supervisor}. Nothing waits for a process under the lock.
 */
final class Supervisor implements AutoCloseable {

  /** A process that lives for longer has not died of its start. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final int LONGEST_BACKOFF_SECONDS = 30;

  /** Exit statuses above are 128 and the signal that ended the process. */
  private static final int SIGNALLED = 128;

  private final Console console;
  private final ClusterFile file;
  private final OrphanGuard guard;
  private final Function<String, Path> logs;
  private final List<ChildProcess> children = new ArrayList<>();
  private final Set<ChildProcess> retired = new HashSet<>();
  private final Map<Role, Integer> deaths = new EnumMap<>(Role.class);
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("weir-demo-supervisor").daemon().factory());
  private boolean stopping;

  /**
   * @param logs gives the log of a process
   */
  Supervisor(Console console, ClusterFile file, OrphanGuard guard, Function<String, Path> logs) {
    this.console = console;
    this.file = file;
    this.guard = guard;
    this.logs = logs;
    publish();
  }

  /** Starts a process and looks after it from now on. */
  synchronized ChildProcess start(ProcessSpec spec) {
    ChildProcess child = new ChildProcess(spec, logs.apply(spec.name()));
    children.add(child);
    launch(child);
    return child;
  }

  /** Notes that a process serves. */
  synchronized void ready(ChildProcess child) {
    child.becameReady();
  }

  /**
   * Makes sure that a process has not refused to start.
   *
   * @throws LabException when it has, with the end of its log
   */
  synchronized void checkNotRefused(ChildProcess child) {
    Integer status = child.refusedWith();
    if (status != null) {
      throw new LabException(
          Reason.UNEXPECTED,
          child.spec().name()
              + " refused to start (exit status "
              + status
              + "); the end of "
              + child.log()
              + ":"
              + System.lineSeparator()
              + child.tail());
    }
  }

  /** The process of a name as it runs now; null while it does not. */
  synchronized @Nullable Process running(String name) {
    for (ChildProcess child : children) {
      if (child.spec().name().equals(name)) {
        return child.running();
      }
    }
    return null;
  }

  /**
   * Kills a process, and starts it no more until it is {@link #bringBack brought back}.
   *
   * @return false when it did not run
   */
  boolean takeDown(String name) throws InterruptedException {
    Process process;
    synchronized (this) {
      ChildProcess child = named(name);
      process = child.running();
      if (process == null) {
        return false;
      }
      child.keepDown(true);
    }
    process.destroyForcibly().waitFor();
    return true;
  }

  /** Starts a process that was taken down, once: it is not started again when it ends. */
  synchronized void tryOnce(String name) {
    ChildProcess child = named(name);
    if (child.running() == null) {
      launch(child);
    }
  }

  /** The status that a process ended with which is down; null while it runs. */
  synchronized @Nullable Integer endedWith(String name) {
    Process last = named(name).last();
    return last == null || last.isAlive() ? null : last.exitValue();
  }

  /** Starts a process that was taken down, and looks after it again. */
  synchronized void bringBack(String name) {
    ChildProcess child = named(name);
    child.keepDown(false);
    if (child.running() == null && !stopping) {
      launch(child);
    }
  }

  private ChildProcess named(String name) {
    return children.stream()
        .filter(child -> child.spec().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no process " + name));
  }

  /** Takes note that the next death of a process is wanted: it says nothing of its start. */
  synchronized void wantEndOf(String name) {
    children.stream()
        .filter(child -> child.spec().name().equals(name))
        .forEach(ChildProcess::wantEnd);
  }

  /** How many processes of a role have died so far. */
  synchronized int deaths(Role role) {
    return deaths.getOrDefault(role, 0);
  }

  private void launch(ChildProcess child) {
    Process process = child.start();
    publish();
    var _ = process.onExit().thenAcceptAsync(ended -> ended(child, ended), executor);
  }

  private synchronized void ended(ChildProcess child, Process process) {
    if (stopping || retired.contains(child) || !process.equals(child.last())) {
      return; // The last: what was brought back after this one ended runs already.
    }
    publish();
    if (child.isKeptDown()) {
      return;
    }
    int status = process.exitValue();
    String name = child.spec().name();
    if (!child.isReady() && status <= SIGNALLED) {
      child.refused(status);
      return;
    }
    deaths.merge(child.spec().role(), 1, Integer::sum);
    int delay = backoff(child);
    String how =
        status > SIGNALLED
            ? "was ended by signal " + (status - SIGNALLED)
            : "ended with status " + status;
    console.event(
        name
            + " (pid "
            + process.pid()
            + ") "
            + how
            + "; starting it again"
            + (delay == 0 ? "" : " in " + delay + " s"));
    if (status <= SIGNALLED) {
      console.event("the end of " + child.log() + ":" + System.lineSeparator() + child.tail());
    }
    var _ = executor.schedule(() -> restart(child), delay, TimeUnit.SECONDS);
  }

  private static int backoff(ChildProcess child) {
    if (child.takeWantedEnd() || System.nanoTime() - child.startedAt() > SOON.toNanos()) {
      child.livedLong();
      return 0;
    }
    int exponent = Math.min(child.diedQuickly() - 1, 5);
    return Math.min(1 << exponent, LONGEST_BACKOFF_SECONDS);
  }

  private synchronized void restart(ChildProcess child) {
    if (stopping || retired.contains(child) || child.isKeptDown() || child.running() != null) {
      return;
    }
    try {
      launch(child);
      console.event(child.spec().name() + " runs again as pid " + child.pid());
    } catch (UncheckedIOException e) {
      console.event(e.getMessage() + "; trying again in " + LONGEST_BACKOFF_SECONDS + " s");
      var _ = executor.schedule(() -> restart(child), LONGEST_BACKOFF_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** What runs now, to cluster.json and to the guard. */
  private void publish() {
    file.write(
        children.stream().map(child -> new ClusterFile.Entry(child.spec(), child.pid())).toList());
    guard.guard(children);
  }

  /**
   * Stops all in order: the cache servers, which write back what is dirty; then the master; then
   * the database.
   *
   * @return whether every cache server has written back all
   * @throws InterruptedException when interrupted; {@link #kill} is then what is left to do
   */
  boolean stop() throws InterruptedException {
    synchronized (this) {
      stopping = true;
    }
    executor.shutdownNow();
    boolean drained = true;
    for (Role role : Role.values()) {
      drained &= stop(role);
    }
    return drained;
  }

  /**
   * Stops the processes of a role in order, and looks after them no more: others may be started in
   * their place.
   *
   * @return whether all ended well
   */
  boolean retire(Role role) throws InterruptedException {
    synchronized (this) {
      children.stream().filter(child -> child.spec().role() == role).forEach(retired::add);
    }
    boolean clean = stop(role);
    synchronized (this) {
      children.removeAll(retired);
      publish();
    }
    return clean;
  }

  private boolean stop(Role role) throws InterruptedException {
    List<ChildProcess> running;
    synchronized (this) {
      running =
          children.stream()
              .filter(child -> child.spec().role() == role && child.running() != null)
              .toList();
    }
    if (running.isEmpty()) {
      return true;
    }
    String names = String.join(", ", running.stream().map(child -> child.spec().name()).toList());
    try (Console.Step step = console.step("stopping " + names)) {
      terminate(running);
      boolean clean = true;
      for (ChildProcess child : running) {
        clean &= await(child);
      }
      synchronized (this) {
        publish();
      }
      if (clean) {
        step.done();
      }
      return clean || role != Role.CACHE;
    }
  }

  private synchronized void terminate(List<ChildProcess> running) {
    running.forEach(ChildProcess::terminate);
  }

  private boolean await(ChildProcess child) throws InterruptedException {
    Process process = child.last();
    Duration longest = child.spec().stopTimeout();
    if (process == null) {
      return true;
    }
    if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      console.event(
          child.spec().name()
              + " has not stopped within "
              + longest.toSeconds()
              + " s; killing it");
      process.destroyForcibly().waitFor();
      return false;
    }
    int status = process.exitValue();
    if (status != 0 && status != SIGNALLED + 15) {
      console.event(
          child.spec().name()
              + " stopped with status "
              + status
              + "; the end of "
              + child.log()
              + ":"
              + System.lineSeparator()
              + child.tail());
      return false;
    }
    return true;
  }

  /** Ends at once all that still runs. */
  synchronized void kill() {
    stopping = true;
    executor.shutdownNow();
    for (ChildProcess child : children) {
      Process process = child.running();
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  /** Makes sure that nothing is left. */
  @Override
  public void close() {
    kill();
  }
}
