package io.weir.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first answer of several that can give it: the next one is asked when the one before has
 * failed, and also when it is late, while its answer is still waited for. So one that hangs costs
 * as long as an answer may be late, and not a time-out.
 *
 * <p><b>Concurrency.</b> Each is asked in a virtual thread of its own, at most two at a time. What
 * is still asked when an answer has come is interrupted; it may have been carried out none the
 * less, so only what may happen twice is to be asked for in this way.
 *
 * @param index of the one that answered
 */
public record FirstAnswer<T>(int index, @Nullable T value) {

  private static final int AT_A_TIME = 2;

  /** No one gave an answer. */
  public static final class NoneException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Exception> failures;

    private NoneException(List<Exception> failures) {
      super(failures.size() + " were asked, and none answered", failures.getLast());
      this.failures = List.copyOf(failures);
    }

    /** In the order in which they came; at least one. */
    public List<Exception> failures() {
      return failures;
    }
  }

  private record Outcome<T>(int index, @Nullable T value, @Nullable Exception failure) {}

  /**
   * Waits for the first answer.
   *
   * @param attempts at least one; each ends by itself, be it by a time-out
   * @param late how long after the newest attempt the next is begun
   */
  public static <T> FirstAnswer<T> of(
      List<? extends Callable<? extends @Nullable T>> attempts, Duration late)
      throws NoneException, InterruptedException {
    BlockingQueue<Outcome<T>> outcomes = new LinkedBlockingQueue<>();
    List<Thread> threads = new ArrayList<>();
    List<Exception> failures = new ArrayList<>();
    try {
      threads.add(begin(attempts.getFirst(), 0, outcomes));
      while (true) {
        int open = threads.size() - failures.size();
        boolean more = threads.size() < attempts.size();
        Outcome<T> outcome = null;
        if (open > 0) {
          outcome =
              more && open < AT_A_TIME
                  ? outcomes.poll(late.toNanos(), TimeUnit.NANOSECONDS)
                  : outcomes.take();
        }
        if (outcome != null && outcome.failure == null) {
          return new FirstAnswer<>(outcome.index, outcome.value);
        }
        if (outcome != null && outcome.failure != null) {
          failures.add(outcome.failure);
        }
        if (more && threads.size() - failures.size() < AT_A_TIME) {
          threads.add(begin(attempts.get(threads.size()), threads.size(), outcomes));
        } else if (failures.size() == attempts.size()) {
          throw new NoneException(failures);
        }
      }
    } finally {
      threads.forEach(Thread::interrupt);
    }
  }

  private static <T> Thread begin(
      Callable<? extends @Nullable T> attempt, int index, BlockingQueue<Outcome<T>> outcomes) {
    return Thread.ofVirtual()
        .name("weir-attempt-" + index)
        .start(() -> {
          try {
            outcomes.add(new Outcome<>(index, attempt.call(), null));
          } catch (Exception e) {
            outcomes.add(new Outcome<>(index, null, e));
          } catch (Error e) {
            outcomes.add(new Outcome<>(index, null, new ExecutionException(e)));
            throw e;
          }
        });
  }
}
