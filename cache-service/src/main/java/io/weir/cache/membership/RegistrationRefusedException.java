package io.weir.cache.membership;

/** A master refuses this server; the message is the master's sentence. */
public final class RegistrationRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RegistrationRefusedException(String message) {
    super(message);
  }
}
