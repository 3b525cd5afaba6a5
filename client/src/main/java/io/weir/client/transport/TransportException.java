package io.weir.client.transport;

import java.io.IOException;

/** An exchange that got no answer; the message says from whom, and why. */
public final class TransportException extends IOException {

  private static final long serialVersionUID = 1;

  /** Why there is no answer. */
  public enum Reason {
    /**
     * The server could not be reached: its name is unknown, or it refuses or ignores connections.
     */
    UNREACHABLE,
    /** The connection broke before the answer was complete. */
    CONNECTION_LOST,
    /** The answer did not come in time. */
    TIMEOUT,
    /** The answer is no HTTP/1.1, or larger than the bound. */
    MALFORMED,
    /** All connections that the pool may open to the server stayed busy. */
    POOL_EXHAUSTED,
    /** The transport was closed, or the calling thread interrupted. */
    CANCELLED
  }

  private final Reason reason;
  private final boolean mayHaveArrived;

  public TransportException(
      Reason reason, boolean mayHaveArrived, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.mayHaveArrived = mayHaveArrived;
  }

  public TransportException(Reason reason, boolean mayHaveArrived, String message) {
    super(message);
    this.reason = reason;
    this.mayHaveArrived = mayHaveArrived;
  }

  public Reason reason() {
    return reason;
  }

  /** False when the server has certainly not seen the request, which is then safe to repeat. */
  public boolean mayHaveArrived() {
    return mayHaveArrived;
  }
}
