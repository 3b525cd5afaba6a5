package io.weir.cache.store;

import io.weir.cache.kv.Write;
import java.util.List;

/**
 * A flush has failed at some of its rows, behind the fence: they are locked, or the database has an
 * error for them that need not be their fault. Nothing was changed. The other rows of the batch may
 * pass without them.
 */
public final class RowsFailedException extends StoreException {

  private static final long serialVersionUID = 1;

  private final transient List<Write> rows;
  private final Kind kind;

  /** What the database said of them. */
  public enum Kind {
    /** Another transaction holds what they need, for longer than a flush waits. */
    LOCKED,
    /** Anything else. */
    ERROR
  }

  public RowsFailedException(Kind kind, List<Write> rows, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.rows = List.copyOf(rows);
  }

  /** Of rows that are not what the flush has made of them. */
  RowsFailedException(Write row, StoreException cause) {
    this(Kind.ERROR, List.of(row), String.valueOf(cause.getMessage()), cause);
  }

  /** The rows of the statement that failed: one of them at least is the reason. */
  public List<Write> rows() {
    return rows;
  }

  public boolean isLock() {
    return kind == Kind.LOCKED;
  }
}
