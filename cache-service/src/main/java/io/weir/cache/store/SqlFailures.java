package io.weir.cache.store;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a failure of the database means for what was asked of it: a row that it refuses for
 * its data, or anything else, which is no fault of the rows.
 */
final class SqlFailures {

  /**
   * MySQL errors about a row's data that carry a general SQLState: packet too large (1153), text of
   * another character set (1366), no partition for the row (1526), CHECK constraint (3819).
   */
  private static final Set<Integer> ROW_ERRORS = Set.of(1153, 1366, 1526, 3819);

  /** MySQL: an option such as {@code read_only} forbids it; the server is in read-only mode. */
  private static final Set<Integer> READ_ONLY_ERRORS = Set.of(1290, 1836);

  /** What a trigger of the operator's SIGNALs. */
  private static final String SIGNALLED = "45000";

  /** The driver's own refusal of a statement over {@code max_allowed_packet}. */
  private static final String PACKET_TOO_BIG = "PacketTooBigException";

  private final String location;

  SqlFailures(DatabaseUrl url) {
    this.location = url.location();
  }

  StoreException translate(RuntimeException failure) {
    SQLException rejection = find(failure, true);
    if (rejection != null) {
      return new RowRejectedException(
          "the database at " + location + " refuses a row for its data: " + describe(rejection),
          failure);
    }
    return unavailable(failure);
  }

  /** For what sends no data that could be at fault. */
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
    return state.startsWith("22")
        || state.startsWith("23")
        || state.equals(SIGNALLED)
        || ROW_ERRORS.contains(e.getErrorCode())
        || e.getClass().getSimpleName().equals(PACKET_TOO_BIG);
  }

  private static String describe(SQLException e) {
    String message = String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    return "%s (SQLState %s, error %d)".formatted(message, e.getSQLState(), e.getErrorCode());
  }
}
