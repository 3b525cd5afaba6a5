package io.weir.cache.store;

/** The database belongs to another cluster, or to other slots; the message names both. */
public final class ForeignShardException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ForeignShardException(String message) {
    super(message);
  }
}
