package io.weir.load.run;

import io.weir.client.transport.TransportException;
import io.weir.load.redis.RedisError;
import io.weir.load.verify.Verdict;
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
  SERVER_ERROR,
  /**
   * An open loop's operation for which no connection was free for as long as a request may take.
   */
  OVERDUE,
  /** A read returned an older value than it had to. */
  STALE,
  /** A read returned a damaged value, or another key's. */
  CORRUPT,
  /** A read found no entry where there had to be one. */
  MISSING;

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

  /** Returns the kind of an error of the Redis protocol. */
  static ErrorKind of(RedisError.Meaning meaning) {
    return switch (meaning) {
      case MOVED -> NOT_OWNER;
      case UNAVAILABLE -> UNAVAILABLE;
      case REFUSED -> REJECTED;
      case UNKNOWN -> SERVER_ERROR;
    };
  }

  /** Returns the kind of a read that verification has found wrong. */
  static ErrorKind of(Verdict verdict) {
    return switch (verdict) {
      case STALE -> STALE;
      case CORRUPT -> CORRUPT;
      case MISSING -> MISSING;
      case UNTOUCHED, INTACT -> throw new IllegalArgumentException(verdict + " is no error");
    };
  }

  /** Tells whether the topology may be out of date. */
  boolean doubtsTopology() {
    return switch (this) {
      case NO_OWNER, REFUSED, CONNECTION_LOST, TIMEOUT, NOT_OWNER -> true;
      case MALFORMED, UNAVAILABLE, REJECTED, SERVER_ERROR, OVERDUE, STALE, CORRUPT, MISSING ->
          false;
    };
  }

  /** The form of the report. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
