package io.weir.cache.membership;

/** No master answers. */
public final class MasterUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MasterUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
