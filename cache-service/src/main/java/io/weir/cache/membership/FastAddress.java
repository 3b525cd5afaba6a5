package io.weir.cache.membership;

/** The fast port as others are told of it. */
public interface FastAddress {

  /** The port that is bound; 0 while none is. */
  int port();

  /** Whether it takes TLS alone. */
  boolean isEncrypted();
}
