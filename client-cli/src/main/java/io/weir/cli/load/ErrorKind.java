package io.weir.cli.load;

import io.weir.client.transport.TransportException;
import java.util.Locale;

/** Why an operation did not succeed. */
public enum ErrorKind {
  /** The topology names no leader for the slot. */
  NO_OWNER,
  /** The server could not be reached. */
  REFUSED,
  /** The connection broke before the answer. */
  CONNECTION_LOST,
  /** No answer within the request timeout. */
  TIMEOUT,
  /** The answer was no HTTP. */
  MALFORMED,
  /** 421: another server owns the key. */
  NOT_OWNER,
  /** 503: too much dirty data, or the database is away. */
  UNAVAILABLE,
  /** Any other 4xx. */
  REJECTED,
  /** Any other 5xx. */
  SERVER_ERROR;

  static ErrorKind of(TransportException.Reason reason) {
    return switch (reason) {
      case UNREACHABLE, POOL_EXHAUSTED -> REFUSED;
      case CONNECTION_LOST, CANCELLED -> CONNECTION_LOST;
      case TIMEOUT -> TIMEOUT;
      case MALFORMED -> MALFORMED;
    };
  }

  /** Returns the kind of an answer that is no success. */
  static ErrorKind of(int status) {
    return switch (status) {
      case 421 -> NOT_OWNER;
      case 503 -> UNAVAILABLE;
      default -> status >= 500 ? SERVER_ERROR : REJECTED;
    };
  }

  /** Tells whether the topology may be out of date. */
  boolean doubtsTopology() {
    return switch (this) {
      case NO_OWNER, REFUSED, CONNECTION_LOST, TIMEOUT, NOT_OWNER -> true;
      case MALFORMED, UNAVAILABLE, REJECTED, SERVER_ERROR -> false;
    };
  }

  /** The form of the report. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
