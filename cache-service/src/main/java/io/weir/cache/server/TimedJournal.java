package io.weir.cache.server;

import io.micrometer.core.instrument.Timer;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A journal whose appends are timed, from the call to being durable and applied. */
record TimedJournal(Journal journal, Timer appends) implements Journal {

  @Override
  public CompletableFuture<@Nullable Void> append(List<Mutation> mutations) {
    long start = System.nanoTime();
    return journal
        .append(mutations)
        .whenComplete(
            (nothing, failure) -> appends.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    journal.close();
  }
}
