package io.weir.cli.shell;

/** What the process ends with. docs/cli.md and every {@code --help} say the same. */
public final class ExitCodes {

  public static final int OK = 0;
  public static final int NOT_FOUND = 1;

  /** Somebody was asked, and did not say yes. */
  public static final int NOT_CONFIRMED = 1;

  /** An acknowledged write is missing, or a read returned what it must not. */
  public static final int WRITES_MISSING = 1;

  public static final int USAGE = 2;

  /** A load met a condition of {@code --fail-if}, or no rate kept the objective. */
  public static final int THRESHOLD_MISSED = 3;

  public static final int NOT_REACHABLE = 4;
  public static final int PRECONDITION_FAILED = 5;
  public static final int REFUSED = 6;
  public static final int OUTCOME_UNKNOWN = 7;

  /** The cluster, or what was asked of it, is not as it should be; it may yet become so. */
  public static final int DEGRADED = 8;

  public static final int UNEXPECTED = 9;

  private ExitCodes() {}
}
