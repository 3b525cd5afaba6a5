package io.weir.cache.store;

import io.weir.cache.kv.Write;
import io.weir.cache.store.RowsFailedException.Kind;
import io.weir.model.Shown;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a failure of the database means for what was asked of it: a row that it refuses for
 * its data, a lock that was not to be had, or anything else, which need not be a row's fault.
 */
final class SqlFailures {

  /**
   * MySQL errors about a row's data that carry a general SQLState: packet too large (1153), data
   * that a strict mode truncates not (1265), text of another character set (1366), no partition for
   * the row (1526), a trigger's SIGNAL with a state that it does not name (1644), CHECK constraint
   * (3819).
   */
  private static final Set<Integer> ROW_ERRORS = Set.of(1153, 1265, 1366, 1526, 1644, 3819);

  /** SQLStates about a row's data: its values, a constraint, a view's check, a trigger's SIGNAL. */
  private static final Set<String> ROW_CLASSES = Set.of("22", "23", "44", "45");

  /**
   * Another transaction holds a lock for too long, or each holds what the other needs: MySQL's, and
   * H2's two.
   */
  private static final Set<Integer> LOCK_ERRORS = Set.of(1205, 1213, 50200, 40001);

  /**
   * MySQL: an option such as {@code read_only} forbids it (1290); the server is in read-only mode
   * (1836); its transactions are read-only (1792).
   */
  private static final Set<Integer> READ_ONLY_ERRORS = Set.of(1290, 1792, 1836);

  /** The driver's own refusal of a statement over {@code max_allowed_packet}. */
  private static final String PACKET_TOO_BIG = "PacketTooBigException";

  private final String location;

  SqlFailures(DatabaseUrl url) {
    this.location = url.location();
  }

  /** Why the database refuses some row of a statement for its data; null for any other failure. */
  @Nullable String refusal(RuntimeException failure) {
    SQLException rejection = find(failure, true);
    return rejection == null
        ? null
        : "the database at " + location + " refuses a row for its data: " + describe(rejection);
  }

  /** For a statement for some rows that failed, and not for the data of one of them. */
  RowsFailedException ofRows(List<Write> rows, RuntimeException failure) {
    SQLException cause = find(failure, false);
    String reason = cause == null ? String.valueOf(failure.getMessage()) : describe(cause);
    return isLock(failure)
        ? new RowsFailedException(
            Kind.LOCKED,
            rows,
            "another transaction at %s holds a lock: %s".formatted(location, reason),
            failure)
        : new RowsFailedException(
            Kind.ERROR,
            rows,
            "the database at %s does not take rows: %s".formatted(location, reason),
            failure);
  }

  /** For anything else that was asked. */
  StoreUnavailableException unavailable(RuntimeException failure) {
    SQLException cause = find(failure, false);
    String reason = cause == null ? String.valueOf(failure.getMessage()) : describe(cause);
    return new StoreUnavailableException(
        "the database at " + location + " does not serve: " + reason, failure);
  }

  /** For a database that acknowledges what it does not do; says what it left undone. */
  StoreUnavailableException notKept(String what) {
    return new StoreUnavailableException(
        "the database at "
            + location
            + " does not keep what it is given: "
            + what
            + "; look for a trigger on kv, a proxy that reads elsewhere, or another writer");
  }

  /** Whether a lock was not to be had. */
  static boolean isLock(Throwable failure) {
    SQLException cause = sqlCause(failure);
    return cause != null && LOCK_ERRORS.contains(cause.getErrorCode());
  }

  /** Whether the server takes no writes, as one that another has replaced. */
  static boolean isReadOnlyServer(Throwable failure) {
    SQLException cause = sqlCause(failure);
    return cause != null && READ_ONLY_ERRORS.contains(cause.getErrorCode());
  }

  /** The innermost SQL failure: pools and templates wrap what the driver said. */
  static @Nullable SQLException sqlCause(Throwable failure) {
    return find(failure, false);
  }

  private static @Nullable SQLException find(Throwable failure, boolean rejection) {
    SQLException found = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException e && (!rejection || isRejection(e))) {
        found = e;
      }
    }
    return found;
  }

  private static boolean isRejection(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return (state.length() == 5 && ROW_CLASSES.contains(state.substring(0, 2)))
        || ROW_ERRORS.contains(e.getErrorCode())
        || e.getClass().getSimpleName().equals(PACKET_TOO_BIG);
  }

  private static String describe(SQLException e) {
    // A trigger may say what a client wrote.
    String message =
        Shown.of(String.valueOf(e.getMessage()).strip().lines().findFirst().orElse(""));
    return "%s (SQLState %s, error %d)".formatted(message, e.getSQLState(), e.getErrorCode());
  }
}
