package io.weir.cache.store;

/** Another leader has taken the shard over: step down, and serve nothing. */
public final class FencedException extends StoreException {

  private static final long serialVersionUID = 1;

  public FencedException(String message) {
    super(message);
  }
}
