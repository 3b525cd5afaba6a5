package io.weir.client;

/**
 * A server refused the request and said why. Nothing was written. A 503 ends here only when it
 * lasted until the deadline.
 */
public final class RejectedException extends WeirException {

  private static final long serialVersionUID = 1;

  private final transient ServerProblem problem;

  RejectedException(String message, ServerProblem problem) {
    super(message);
    this.problem = problem;
  }

  /** What the server answered. */
  public ServerProblem problem() {
    return problem;
  }
}
