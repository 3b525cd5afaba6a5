package io.weir.cache.server;

import io.micrometer.core.instrument.Timer;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A journal whose appends are timed, from the call to being durable and applied. */
record TimedJournal(Journal journal, Timer appends) implements Journal {

  @Override
  public void append(List<Mutation> mutations, AppendListener done) {
    journal.append(mutations, new Timed(appends, System.nanoTime(), done));
  }

  /** An append whose time runs. */
  private record Timed(Timer appends, long startNanos, AppendListener done)
      implements AppendListener {

    @Override
    public void applied() {
      record();
      done.applied();
    }

    @Override
    public void failed(JournalException why) {
      record();
      done.failed(why);
    }

    private void record() {
      appends.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Runnable afterwards() {
      return done.afterwards();
    }

    @Override
    public boolean proposesLater(Runnable proposing) {
      return done.proposesLater(proposing);
    }
  }

  @Override
  public void close() {
    journal.close();
  }
}
