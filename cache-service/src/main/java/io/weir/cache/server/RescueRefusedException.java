package io.weir.cache.server;

/** The journal of this server cannot be rescued as things are; nothing was changed. */
final class RescueRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RescueRefusedException(String message) {
    super(message);
  }
}
