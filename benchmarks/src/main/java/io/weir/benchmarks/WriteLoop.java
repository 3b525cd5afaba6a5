package io.weir.benchmarks;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that keeps so many durable writes on their way, as an event loop does: each is told by
 * call-back, the thread is woken once for all that ended together, and begins as many again.
 */
final class WriteLoop implements WriteListener, Bulk {

  private final AsyncEngine engine;
  private final Key[] keys;
  private final int valueBytes;
  private final AtomicInteger ended = new AtomicInteger();
  private final Thread thread = Thread.currentThread();

  private volatile @Nullable RuntimeException failure;

  private WriteLoop(AsyncEngine engine, Key[] keys, int valueBytes) {
    this.engine = engine;
    this.keys = keys;
    this.valueBytes = valueBytes;
  }

  /** Writes for so long; returns how many a second. */
  static long run(AsyncEngine engine, Key[] keys, int onTheirWay, int valueBytes, int seconds) {
    return new WriteLoop(engine, keys, valueBytes).run(onTheirWay, seconds);
  }

  private long run(int onTheirWay, int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long done = 0;
    int begin = onTheirWay;
    while (System.nanoTime() < end) {
      for (; begin > 0; begin--) {
        write();
      }
      begin = awaitEnded(end);
      done += begin;
      RuntimeException failed = failure;
      if (failed != null) {
        throw failed;
      }
    }
    for (int left = onTheirWay - begin; left > 0; ) {
      left -= awaitEnded(Long.MAX_VALUE);
    }
    return done / seconds;
  }

  private int awaitEnded(long end) {
    int now = ended.getAndSet(0);
    while (now == 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(10));
      now = ended.getAndSet(0);
    }
    return now;
  }

  private void write() {
    Key key = keys[ThreadLocalRandom.current().nextInt(keys.length)];
    Value value = new Value(new byte[valueBytes], null, Value.NEVER);
    if (!engine.tryWrite(key, value, Durability.JOURNAL, this)) {
      var _ =
          Thread.startVirtualThread(() -> engine.startWrite(key, value, Durability.JOURNAL, this));
    }
  }

  @Override
  public void written(@Nullable Written written) {
    ended.incrementAndGet();
  }

  @Override
  public void failed(RuntimeException why) {
    failure = why;
    ended.incrementAndGet();
  }

  @Override
  public Bulk bulk() {
    return this;
  }

  @Override
  public void told() {
    LockSupport.unpark(thread);
  }
}
