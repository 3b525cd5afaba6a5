package io.weir.cli.operate;

import io.weir.cli.shell.Terminal;
import io.weir.client.Entry;
import io.weir.client.PreconditionFailedException;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.client.WriteOptions;
import io.weir.client.operator.EntryLine;
import io.weir.model.Key;
import io.weir.model.Shown;
import io.weir.model.Version;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the entries of lines, a bounded number of them at a time.
 *
 * <p><b>Concurrency.</b> One thread reads; each line is put by a virtual thread of its own. Guarded
 * by itself. Lines of one key are put in their order, one after the other.
 *
 * <p><b>Memory.</b> As many lines as may be in flight.
 */
final class Import {

  static final int MOST_IN_FLIGHT = 1_024;

  private final WeirClient client;
  private final Plan plan;
  private final Terminal terminal;
  private final Progress progress;
  private final Completeness completeness = new Completeness();

  private final Set<Key> keysInFlight = new HashSet<>();
  private final TreeSet<Long> linesInFlight = new TreeSet<>();
  private long reached;
  private long nextLine;
  private long firstFailed = Long.MAX_VALUE;
  private long written;
  private long leftAlone;
  private long expired;
  private long failed;

  /**
   * How to go about it.
   *
   * @param noEnd whether the lines may lack the one that says that they are all
   */
  record Plan(boolean ifAbsent, boolean noEnd, int concurrency, long fromLine, int maxFailures) {}

  /**
   * What became of it.
   *
   * @param complete whether all lines that came were dealt with
   * @param cutOff what shows that lines are missing; null when none are
   * @param leftAlone lines whose key has what may not be overwritten
   * @param nextLine all lines before it were dealt with, and none of them failed, unless it is
   *     complete
   */
  record Totals(
      boolean complete,
      @Nullable String cutOff,
      long written,
      long leftAlone,
      long expired,
      long failed,
      long nextLine) {}

  Import(WeirClient client, Plan plan, Terminal terminal, Progress progress) {
    this.client = client;
    this.plan = plan;
    this.terminal = terminal;
    this.progress = progress;
  }

  Totals run(InputStream in) throws IOException, InterruptedException {
    LineReader lines = new LineReader(new BufferedInputStream(in, 1 << 16));
    boolean complete;
    try (ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-import-", 0).factory())) {
      complete = read(lines, executor);
    }
    String cutOff = complete && !plan.noEnd() ? completeness.fault() : null;
    synchronized (this) {
      return new Totals(complete, cutOff, written, leftAlone, expired, failed, nextLine);
    }
  }

  /** Returns false when too much failed. */
  private boolean read(LineReader lines, ExecutorService executor)
      throws IOException, InterruptedException {
    long number = 0;
    while (lines.next()) {
      number++;
      if (hasFailed(number)) {
        return false;
      }
      if (lines.isBlank()) {
        continue;
      }
      byte[] line = lines.line();
      EndLine end = EndLine.parse(line);
      if (end != null) {
        completeness.end(number, end);
      } else {
        read(number, line, executor);
      }
    }
    awaitAll();
    return !hasFailed(number + 1);
  }

  private void read(long number, byte[] line, ExecutorService executor)
      throws InterruptedException {
    EntryLine entry;
    Key key;
    try {
      entry = EntryLine.parse(line);
      key = entry.toKey();
    } catch (IllegalArgumentException e) {
      completeness.entry();
      if (number >= plan.fromLine()) {
        failed(number, String.valueOf(e.getMessage()));
      }
      return;
    }
    if (entry.discarded()) {
      completeness.discarded();
    } else {
      completeness.entry();
    }
    if (number >= plan.fromLine()) {
      enter(number, key);
      executor.execute(() -> put(number, key, entry));
    }
  }

  /**
   * Whether too much has; takes in which line is next. What failed is to be put again: when it was
   * the cluster that did, all lines from some on have.
   */
  private synchronized boolean hasFailed(long next) {
    boolean tooMuch = failed > plan.maxFailures();
    reached = next;
    nextLine = tooMuch ? firstFailed : next;
    return tooMuch;
  }

  private synchronized void awaitAll() throws InterruptedException {
    while (!linesInFlight.isEmpty()) {
      wait();
    }
  }

  /** Waits for room, and for an earlier line of the same key. */
  private synchronized void enter(long number, Key key) throws InterruptedException {
    while (linesInFlight.size() >= plan.concurrency() || keysInFlight.contains(key)) {
      wait();
    }
    linesInFlight.add(number);
    keysInFlight.add(key);
  }

  private void put(long number, Key key, EntryLine entry) {
    try {
      Outcome outcome = put(key, entry);
      synchronized (this) {
        switch (outcome) {
          case WRITTEN -> written++;
          case LEFT_ALONE -> leftAlone++;
          case EXPIRED -> expired++;
        }
      }
    } catch (WeirException | IllegalArgumentException e) {
      failed(number, "'" + key + "': " + e.getMessage());
    } finally {
      leave(number, key);
    }
  }

  private enum Outcome {
    WRITTEN,
    LEFT_ALONE,
    EXPIRED
  }

  private Outcome put(Key key, EntryLine entry) {
    try {
      if (plan.ifAbsent()) {
        return entry.deleted()
            ? Outcome.LEFT_ALONE
            : put(key, entry, WriteOptions.DEFAULT.onlyIfAbsent());
      }
      if (entry.discarded()) {
        return restore(key, entry);
      }
      // What is put twice is the same both times; only an absence must be found once.
      return put(key, entry, WriteOptions.DEFAULT.repeatingWhenAmbiguous());
    } catch (PreconditionFailedException e) {
      return Outcome.LEFT_ALONE;
    }
  }

  /**
   * Puts a discarded row back. Its key has been what its row in the database is, whose version is
   * older, or absent; every write since has got a newer version.
   */
  private Outcome restore(Key key, EntryLine entry) {
    Optional<Version> now = client.get(key).map(Entry::version);
    if (now.isEmpty()) {
      return entry.deleted()
          ? Outcome.LEFT_ALONE
          : put(key, entry, WriteOptions.DEFAULT.onlyIfAbsent());
    }
    return now.get().value() > entry.version()
        ? Outcome.LEFT_ALONE
        : put(key, entry, WriteOptions.DEFAULT.onlyOver(now.get()));
  }

  private Outcome put(Key key, EntryLine entry, WriteOptions condition) {
    if (entry.deleted()) {
      var _ = client.delete(key, condition);
      return Outcome.WRITTEN;
    }
    WriteOptions options = condition;
    if (entry.contentType() != null) {
      options = options.contentType(entry.contentType());
    }
    if (entry.expiresAt() != null) {
      Duration left = Duration.between(Instant.now(), entry.expiresAt());
      if (left.toMillis() < 1) {
        return Outcome.EXPIRED;
      }
      options = options.ttl(left);
    }
    var _ = client.put(key, entry.toBytes(), options);
    return Outcome.WRITTEN;
  }

  private synchronized void leave(long number, Key key) {
    linesInFlight.remove(number);
    keysInFlight.remove(key);
    notifyAll();
    progress.show(
        "import: all before line "
            + (linesInFlight.isEmpty() ? reached : linesInFlight.getFirst())
            + ", "
            + Figures.count(written)
            + " written, "
            + Figures.count(failed)
            + " failed");
  }

  private synchronized void failed(long number, String why) {
    failed++;
    firstFailed = Math.min(firstFailed, number);
    progress.close();
    terminal.err().println("weir: line " + number + ": " + Shown.of(String.valueOf(why)));
  }
}
