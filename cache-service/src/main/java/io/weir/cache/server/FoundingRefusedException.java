package io.weir.cache.server;

/**
 * This server may neither join its shard's group nor found it anew; the message says what to do.
 */
final class FoundingRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  FoundingRefusedException(String message) {
    super(message);
  }
}
