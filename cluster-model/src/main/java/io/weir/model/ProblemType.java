package io.weir.model;

import java.net.URI;

/**
 * The kinds of error that a Weir server answers with, as RFC 9457 problem types. docs/problems.md
 * says of each what it means and what to do.
 */
public enum ProblemType {
  BAD_REQUEST("bad-request", 400, "The request cannot be understood"),
  INVALID_KEY("invalid-key", 400, "The key is not valid"),
  UNAUTHENTICATED("unauthenticated", 401, "The request carries no token that is known here"),
  FORBIDDEN("forbidden", 403, "The request is not allowed"),
  NOT_FOUND("not-found", 404, "There is no such entry"),
  NO_SUCH_RESOURCE("no-such-resource", 404, "There is no such resource"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed here"),
  REQUEST_TIMEOUT("request-timeout", 408, "The request comes too slowly"),
  SHARD_CONFLICT("shard-conflict", 409, "The shard is claimed already"),
  FOREIGN_SHARD("foreign-shard", 409, "The database belongs elsewhere"),
  RESCUE_REFUSED("rescue-refused", 409, "The journal cannot be rescued as things are"),
  PRECONDITION_FAILED("precondition-failed", 412, "The condition of the request does not hold"),
  VALUE_TOO_LARGE("value-too-large", 413, "The value is too large"),
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The media type is not supported"),
  NOT_OWNER("not-owner", 421, "Another server owns the key"),
  INTERNAL_ERROR("internal-error", 500, "The server failed"),
  ROW_TOO_LARGE("row-too-large", 502, "The database has a value that is too large"),
  TOO_MUCH_DIRTY("too-much-dirty", 503, "Too much data waits for the database"),
  JOURNAL_FULL("journal-full", 503, "The journal's disk is nearly full"),
  STORE_UNAVAILABLE("store-unavailable", 503, "The database does not answer"),
  DATABASE_BEHIND("database-behind", 503, "The database lags behind what it has acknowledged"),
  DATABASE_DIFFERS("database-differs", 503, "The server's database is another than its leader's"),
  DATABASE_WENT_BACK("database-went-back", 503, "The database has lost what it had acknowledged"),
  OVERLOADED("overloaded", 503, "The server is overloaded"),
  NO_CLUSTER("no-cluster", 503, "There is no cluster yet"),
  NOT_SERVING("not-serving", 503, "The server does not serve yet, or no longer"),
  OUTCOME_UNKNOWN("outcome-unknown", 504, "The write may have been applied, or not");

  private static final String PREFIX = "urn:weir:problem:";

  private final URI uri;
  private final int status;
  private final String title;

  ProblemType(String name, int status, String title) {
    this.uri = URI.create(PREFIX + name);
    this.status = status;
    this.title = title;
  }

  /** The stable {@code type} member. */
  public URI uri() {
    return uri;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }

  /** The {@code title} member: the same for every occurrence. */
  public String title() {
    return title;
  }
}
