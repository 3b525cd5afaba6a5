package io.weir.cache.redis;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Edit;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.Update;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine as commands on keys use it: what can be done at once is done on the event loop, and
 * the rest in a virtual thread.
 *
 * <p><b>Ordering.</b> A write has its place in the order before the connection's next command runs;
 * see {@link Pending#offLoop}.
 *
 * <p><b>Failure.</b> What fails becomes the reply, by {@link Pending#fail}.
 */
final class KeyAccess {

  /** Keys that are looked for on the event loop, which does nothing else meanwhile. */
  private static final int MOST_ON_LOOP = 256;

  /** Reads of one command that wait at once. */
  private static final int MOST_WORKERS = 16;

  private final AsyncEngine async;
  private final CacheEngine engine;
  private final Durability durability;

  private final LongAdder expiryRewrites = new LongAdder();

  KeyAccess(AsyncEngine async, CacheEngine engine, Durability durability) {
    this.async = async;
    this.engine = engine;
    this.durability = durability;
  }

  /** See {@link KeyCommands#expiryRewrites}. */
  long expiryRewrites() {
    return expiryRewrites.sum();
  }

  /** Replies with what a key holds. */
  void read(Key key, Session session, Pending pending, Function<@Nullable Value, Reply> reply) {
    Consistency asked = consistency(session);
    Read read = async.tryRead(key, asked);
    if (read != null) {
      pending.reply(reply.apply(read.what().value()));
    } else {
      offLoop(pending, () -> reply.apply(engine.read(key, false, asked).what().value()));
    }
  }

  private static @Nullable Consistency consistency(Session session) {
    return session.readsReplicas() ? Consistency.EVENTUAL : null;
  }

  /**
   * Replies with what several keys hold, each as of some moment.
   *
   * @param each what to keep of a value; by several threads at once
   * @param reply from what was kept, in the order of the keys
   */
  <T> void readAll(
      List<Key> keys,
      Session session,
      Pending pending,
      Function<@Nullable Value, T> each,
      Function<List<T>, Reply> reply) {
    Consistency asked = consistency(session);
    List<@Nullable T> results = new ArrayList<@Nullable T>(keys.size());
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Read read = i < MOST_ON_LOOP ? async.tryRead(keys.get(i), asked) : null;
      if (read == null) {
        missing.add(i);
      }
      results.add(read == null ? null : each.apply(read.what().value()));
    }
    if (missing.isEmpty()) {
      pending.reply(reply.apply(present(results)));
      return;
    }
    offLoop(
        pending,
        () -> {
          // Each thread sets other elements, of a list whose size stays.
          sideBySide(
              missing,
              i ->
                  results.set(
                      i, each.apply(engine.read(keys.get(i), false, asked).what().value())));
          return reply.apply(present(results));
        });
  }

  private static <T> List<T> present(List<@Nullable T> results) {
    return results.stream().map(each -> Objects.requireNonNull(each, "was not read")).toList();
  }

  /** Does something for each number, some at a time. The first failure ends it. */
  private static void sideBySide(List<Integer> numbers, IntConsumer deed) {
    if (numbers.size() == 1) {
      deed.accept(numbers.getFirst());
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < numbers.size(); i = next.getAndIncrement()) {
            try {
              deed.accept(numbers.get(i));
            } catch (RuntimeException | Error e) {
              next.set(numbers.size());
              throw e;
            }
          }
        };
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Math.min(MOST_WORKERS, numbers.size()); i++) {
        workers.add(threads.submit(worker));
      }
    } // Waits for all.
    for (Future<?> each : workers) {
      if (each.state() == Future.State.FAILED) {
        switch (each.exceptionNow()) {
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          case Throwable e -> throw new IllegalStateException(e);
        }
      }
    }
  }

  /** Replies from a virtual thread. */
  void offLoop(Pending pending, Supplier<Reply> work) {
    pending.offLoop(() -> {
      try {
        pending.reply(work.get());
      } catch (CommandRefusedException e) {
        pending.reply(e.reply());
      } catch (RuntimeException e) {
        pending.fail(e);
      }
      pending.bulk().told();
    });
  }

  /**
   * Puts or deletes a key, whatever it holds.
   *
   * @param value null to delete
   */
  void write(Key key, @Nullable Value value, Pending pending, Reply reply) {
    WriteListener done = new Acknowledgement(pending, reply);
    if (!async.tryWrite(key, value, durability, done)) {
      pending.offLoop(() -> async.startWrite(key, value, durability, done));
    }
  }

  /** Makes several edits, of a key each, as one entry of the journal, whatever the keys hold. */
  void writeAll(List<Edit> edits, Pending pending, Reply reply) {
    Decided decided = Decided.all(edits, reply);
    List<Key> keys = edits.stream().map(Edit::key).toList();
    start(keys, new DecidingUpdate(pending, nothing -> decided, false, expiryRewrites), pending);
  }

  /** Makes of a key what is decided from what it holds. */
  void update(Key key, Pending pending, Function<@Nullable Value, Decided> decision) {
    updateAll(List.of(key), pending, current -> decision.apply(current.getFirst().value()));
  }

  /**
   * Makes of several keys what is decided from what they hold, as one entry of the journal.
   *
   * @param keys each once
   */
  void updateAll(List<Key> keys, Pending pending, Function<List<Versioned>, Decided> decision) {
    start(keys, new DecidingUpdate(pending, decision, true, expiryRewrites), pending);
  }

  private void start(List<Key> keys, DecidingUpdate update, Pending pending) {
    if (!async.tryUpdate(keys, update, durability, update)) {
      pending.offLoop(() -> async.startUpdate(keys, update, durability, update));
    }
  }

  /** Makes several edits as {@link #writeAll} does, and waits for the outcome. */
  void writeAndWait(List<Edit> edits) {
    CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
    Update blind =
        new Update() {
          @Override
          public List<Edit> decide(List<Versioned> current) {
            return edits;
          }

          @Override
          public boolean needsCurrent() {
            return false;
          }
        };
    WriteListener done =
        new WriteListener() {
          @Override
          public void written(@Nullable Written written) {
            outcome.complete(null);
          }

          @Override
          public void failed(RuntimeException why) {
            outcome.completeExceptionally(why);
          }

          @Override
          public Bulk bulk() {
            return Bulk.NONE;
          }
        };
    async.startUpdate(edits.stream().map(Edit::key).toList(), blind, durability, done);
    try {
      outcome.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Who replies once a write is acknowledged that decides nothing.
   *
   * @param reply what to
   */
  private record Acknowledgement(Pending pending, Reply reply) implements WriteListener {

    @Override
    public void written(@Nullable Written written) {
      pending.reply(reply);
    }

    @Override
    public void failed(RuntimeException why) {
      pending.fail(why);
    }

    @Override
    public Bulk bulk() {
      return pending.bulk();
    }
  }
}
