package io.weir.cache.journal.raft;

import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.ReplicatedStateMachine;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The simplest dirty set. */
final class DirtyMap implements ReplicatedStateMachine {

  private volatile Map<Key, Write> dirty = new ConcurrentHashMap<>();
  private final AtomicInteger installs = new AtomicInteger();
  private final AtomicInteger cleanDrops = new AtomicInteger();
  private final List<Mutation> others = new CopyOnWriteArrayList<>();
  private volatile @Nullable RuntimeException failure;
  private volatile CountDownLatch hold = new CountDownLatch(0);

  @Override
  public void apply(Mutation mutation) {
    awaitRelease();
    RuntimeException planted = failure;
    if (planted != null) {
      throw planted;
    }
    switch (mutation) {
      case Mutation.Written(Write write) ->
          dirty.merge(
              write.key(),
              write,
              (old, next) -> next.version().isNewerThan(old.version()) ? next : old);
      case Mutation.Flushed(Key key, Version version) ->
          dirty.computeIfPresent(key, (_, old) -> old.version().isNewerThan(version) ? old : null);
      case Mutation.Discarded(Key key, Version version) ->
          dirty.computeIfPresent(key, (_, old) -> old.version().equals(version) ? null : old);
      case Mutation.FlushAcknowledged _, Mutation.DatabaseState _, Mutation.DatabaseAccepted _ ->
          others.add(mutation);
    }
  }

  @Override
  public Iterable<Mutation> snapshot() {
    return Stream.concat(
            others.stream(), dirty.values().stream().<Mutation>map(Mutation.Written::new))
        .toList();
  }

  @Override
  public void install(Iterator<Mutation> state) {
    Map<Key, Write> next = new ConcurrentHashMap<>();
    state.forEachRemaining(mutation -> {
      if (mutation instanceof Mutation.Written(Write write)) {
        next.put(write.key(), write);
      } else {
        others.add(mutation);
      }
    });
    dirty = next;
    installs.incrementAndGet();
  }

  private void awaitRelease() {
    try {
      hold.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Holds up whatever is applied from now on, until what is returned is counted down. */
  CountDownLatch holdUp() {
    CountDownLatch release = new CountDownLatch(1);
    hold = release;
    return release;
  }

  /** Lets every further mutation fail. */
  void failWith(RuntimeException e) {
    failure = e;
  }

  @Override
  public void dropClean() {
    cleanDrops.incrementAndGet();
  }

  /** What was applied, or installed, besides writes and flushes of single keys. */
  List<Mutation> others() {
    return List.copyOf(others);
  }

  int cleanDrops() {
    return cleanDrops.get();
  }

  int installs() {
    return installs.get();
  }

  int size() {
    return dirty.size();
  }

  @Nullable Write get(String key) {
    return dirty.get(Key.of(key));
  }

  long versionOf(String key) {
    Write write = get(key);
    return write == null ? 0 : write.version().value();
  }
}
