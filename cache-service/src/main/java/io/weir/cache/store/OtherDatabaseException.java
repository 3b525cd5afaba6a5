package io.weir.cache.store;

/**
 * This server's database is another one than its shard's leader sees. What it says does not count,
 * however new it seems.
 */
public final class OtherDatabaseException extends StoreException {

  private static final long serialVersionUID = 1;

  public OtherDatabaseException(String message) {
    super(message);
  }
}
