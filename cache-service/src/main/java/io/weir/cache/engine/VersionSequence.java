package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.model.Version;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The versions of one leader's writes, each larger than every earlier one.
 *
 * <p>An epoch has a bounded number of them. When most are used, the next epoch is asked for; it is
 * the leader's own once the log says so, and is there long before the last version is used.
 */
public final class VersionSequence {

  private static final long COUNTER_MASK = (1L << Version.COUNTER_BITS) - 1;
  private static final long ASK_FROM = COUNTER_MASK - (COUNTER_MASK >> 3);

  /** The last version that an earlier leader may have given. */
  private final Version earlier;

  private final long generation;
  private final Supplier<CompletableFuture<Long>> nextEpoch;
  private final AtomicLong last;
  private final AtomicBoolean asked = new AtomicBoolean();

  /**
   * @param epoch the leader's own within the generation
   * @param nextEpoch takes another one, larger than any before
   */
  public VersionSequence(long generation, long epoch, Supplier<CompletableFuture<Long>> nextEpoch) {
    this.generation = generation;
    this.nextEpoch = nextEpoch;
    this.earlier = Version.startOf(generation, epoch);
    this.last = new AtomicLong(earlier.value());
  }

  /**
   * Takes a version.
   *
   * @throws Overloaded when the epoch is used up and the next one has not come yet
   */
  Version next() {
    if ((last.get() & COUNTER_MASK) >= ASK_FROM && asked.compareAndSet(false, true)) {
      askForEpoch();
    }
    for (; ; ) {
      long now = last.get();
      long used = now & COUNTER_MASK;
      if (used == COUNTER_MASK) {
        throw new Overloaded("the versions of this epoch are used up; the next one is on its way");
      }
      if (last.compareAndSet(now, now + 1)) {
        return new Version(now + 1);
      }
    }
  }

  /** The last version that an earlier leader may have given; all of this one's are above it. */
  public Version earlier() {
    return earlier;
  }

  /**
   * The last version that the shard has given: by this sequence, or by an earlier leader. Whatever
   * a row holds above it, read before this was asked, is none of the shard's.
   */
  Version last() {
    return new Version(last.get());
  }

  /** Uses up so many versions, as that many writes would. */
  void skip(long versions) {
    last.addAndGet(versions);
  }

  /** Whatever becomes of the question, the next write may ask again. */
  private void askForEpoch() {
    CompletableFuture<Long> answer;
    try {
      answer = nextEpoch.get();
    } catch (RuntimeException | Error e) {
      asked.set(false);
      throw e;
    }
    var _ =
        answer.whenComplete((epoch, failure) -> {
          try {
            if (failure == null) {
              long start = Version.startOf(generation, epoch).value();
              last.accumulateAndGet(start, Math::max);
            }
          } finally {
            asked.set(false);
          }
        });
  }
}
