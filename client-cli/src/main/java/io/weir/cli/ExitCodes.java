package io.weir.cli;

/** What the process ends with. docs/cli.md and every {@code --help} say the same. */
final class ExitCodes {

  static final int OK = 0;
  static final int NOT_FOUND = 1;
  static final int USAGE = 2;

  /** Reserved: a run that misses a threshold it was given. */
  static final int THRESHOLD_MISSED = 3;

  static final int NOT_REACHABLE = 4;
  static final int PRECONDITION_FAILED = 5;
  static final int REFUSED = 6;
  static final int OUTCOME_UNKNOWN = 7;
  static final int UNEXPECTED = 9;

  private ExitCodes() {}
}
