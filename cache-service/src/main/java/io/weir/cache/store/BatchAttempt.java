package io.weir.cache.store;

import io.weir.cache.kv.Write;
import io.weir.cache.store.RowsFailedException.Kind;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements of one flush, in a transaction that has passed the fence.
 *
 * <p>A statement that the database refuses for some row's data has changed nothing, and the
 * transaction stands: it is sent again in halves, and when these are small row by row, until the
 * row stands alone. All parts are halved before any is halved once more, so that what is left when
 * too much was refused are small parts.
 *
 * <p><b>Failure.</b> Any other failure ends the transaction, and nothing more is sent in it: the
 * server may have rolled back all of it, the fence too, and what came then would be changed by
 * whoever leads. Should it do so with a refusal as well, the savepoint behind the fence is gone,
 * and releasing it fails before the commit.
 */
final class BatchAttempt {

  /** Refusals of one transaction: each costs a round trip, in which nobody else passes. */
  static final int MOST_REFUSALS = 64;

  /**
   * Rows of a refused part that are sent one by one then. To halve on would cost twice as much
   * where all are refused, and save little where one is.
   */
  private static final int ONE_BY_ONE = 8;

  /**
   * Rows of an unresolved part: refused one by one, they take less than the refusals of one try.
   */
  private static final int UNRESOLVED = 32;

  private static final String SAVEPOINT = "SAVEPOINT behind_fence";
  private static final String RELEASE = "RELEASE SAVEPOINT behind_fence";

  private final JdbcTemplate jdbc;
  private final SqlFailures failures;
  private final LongSupplier nanoTime;
  private final long untilNanos;

  private final Deque<List<Write>> parts = new ArrayDeque<>();
  private final List<Write> passed = new ArrayList<>();
  private final Map<Key, String> refused = new HashMap<>();

  /** Rows of which some statement was refused. */
  private final List<Write> doubted = new ArrayList<>();

  private int refusals;
  private int statements;

  /** How many of the parts that are still to be sent are not halves of what was refused. */
  private int whole;

  /**
   * Sends nothing yet.
   *
   * @param jdbc speaks in the transaction
   * @param nanoTime a monotonic clock
   * @param time in which a statement may begin
   */
  BatchAttempt(JdbcTemplate jdbc, SqlFailures failures, LongSupplier nanoTime, Duration time) {
    this.jdbc = jdbc;
    this.failures = failures;
    this.nanoTime = nanoTime;
    this.untilNanos = nanoTime.getAsLong() + time.toNanos();
  }

  /**
   * Sends the statements of a batch: the first one whatever the time.
   *
   * @param batch at least one write
   * @throws RowsFailedException when one fails for anything but some row's data
   */
  void send(List<Write> batch) {
    jdbc.execute(SAVEPOINT);
    parts.addAll(RowStatement.parts(batch));
    whole = parts.size();
    do {
      List<Write> part = parts.removeFirst();
      boolean half = whole == 0;
      whole -= half ? 0 : 1;
      send(part, half);
    } while (!parts.isEmpty() && refusals < MOST_REFUSALS && isTime());
  }

  private boolean isTime() {
    return nanoTime.getAsLong() - untilNanos < 0;
  }

  private void send(List<Write> part, boolean half) {
    statements++;
    try {
      RowStatement.of(part).execute(jdbc);
      passed.addAll(part);
    } catch (RuntimeException e) {
      String refusal = failures.refusal(e);
      if (refusal == null) {
        throw failures.ofRows(part, e);
      }
      refused(part, half, refusal);
    }
  }

  private void refused(List<Write> part, boolean half, String refusal) {
    refusals++;
    if (!half) {
      doubted.addAll(part);
    }
    if (part.size() == 1) {
      refused.put(part.getFirst().key(), refusal);
      return;
    }
    int size = part.size() <= ONE_BY_ONE ? 1 : (part.size() + 1) / 2;
    for (int from = 0; from < part.size(); from += size) {
      parts.addLast(part.subList(from, Math.min(part.size(), from + size)));
    }
  }

  /** What was sent and not refused. */
  List<Write> passed() {
    return passed;
  }

  /** Notes that a row was refused after its statement had passed, as one that was to replace it. */
  void refusedLater(Write write, String refusal) {
    passed.remove(write);
    doubted.add(write);
    refused.put(write.key(), refusal);
  }

  /**
   * Makes sure, before the commit, that the transaction is still the one that has passed the fence.
   *
   * @throws RowsFailedException when it is not
   */
  void requireFence() {
    if (doubted.isEmpty()) {
      return;
    }
    try {
      jdbc.execute(RELEASE);
    } catch (RuntimeException e) {
      throw new RowsFailedException(
          Kind.ERROR, doubted, "the database rolled back more than the row that it refused", e);
    }
  }

  /** How many statements were sent to change rows. */
  int statements() {
    return statements;
  }

  /** What was not brought. */
  FlushReceipt.Left left() {
    List<List<Write>> all = List.copyOf(parts);
    return new FlushReceipt.Left(
        refused,
        joined(all.subList(whole, all.size())),
        all.subList(0, whole).stream().flatMap(Collection::stream).toList());
  }

  /** Joins small parts, so that each is worth a transaction, and short enough to be found out. */
  private static List<List<Write>> joined(List<List<Write>> parts) {
    List<List<Write>> joined = new ArrayList<>();
    List<Write> last = new ArrayList<>();
    for (List<Write> part : parts) {
      if (last.size() + part.size() > UNRESOLVED && !last.isEmpty()) {
        joined.add(last);
        last = new ArrayList<>();
      }
      last.addAll(part);
    }
    if (!last.isEmpty()) {
      joined.add(last);
    }
    return joined;
  }
}
