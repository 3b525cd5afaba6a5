package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The outcome of a write that a test has heard, and how often. */
final class Heard implements WriteListener {

  /** Times that what gathers outcomes was told. */
  final AtomicInteger bulks = new AtomicInteger();

  private final AtomicInteger outcomes = new AtomicInteger();
  private final Bulk bulk;
  volatile @Nullable Written written;
  volatile @Nullable RuntimeException failure;

  Heard() {
    this.bulk = bulks::incrementAndGet;
  }

  /** One of several who hear in one bulk. */
  Heard(Bulk bulk) {
    this.bulk = bulk;
  }

  @Override
  public void written(@Nullable Written what) {
    written = what;
    outcomes.incrementAndGet();
  }

  @Override
  public void failed(RuntimeException why) {
    failure = why;
    outcomes.incrementAndGet();
  }

  @Override
  public Bulk bulk() {
    return bulk;
  }

  boolean isDone() {
    return outcomes.get() > 0;
  }

  /** Whether it was told, once, that the write is acknowledged. */
  boolean isWritten() {
    return outcomes.get() == 1 && failure == null;
  }
}
