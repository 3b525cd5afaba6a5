package io.weir.master.registry;

/** Other masters' changes came first so often that this one gave up; nothing was changed. */
public final class RegistryBusyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RegistryBusyException(int attempts) {
    super("Other changes of the registry came first " + attempts + " times; ask again.");
  }
}
