package io.weir.lab.torture;

/**
 * One operation of a client on one key, as the client saw it.
 *
 * @param key number of the key
 * @param value what a read returned, or a write was to leave behind: the number of a written value,
 *     each used once; 0 for absence
 * @param expected of a conditional write: the value that it was to replace, 0 for absence
 * @param invoked nanoseconds on the VM's clock, before the request was sent
 * @param returned when its answer was there; {@link #NEVER} when it had none that tells whether it
 *     took effect
 */
public record Operation(int key, Kind kind, int value, int expected, long invoked, long returned) {

  /** The return of an operation that may still take effect at any time, or never. */
  static final long NEVER = Long.MAX_VALUE;

  /** What was asked, and, for what is conditional, how it was answered. */
  enum Kind {
    READ,
    /** A put or a delete, whatever is there. */
    WRITE,
    /** A conditional write that was applied, or, when open, would be if its condition held. */
    SWAP,
    /** A conditional write whose condition did not hold. */
    FAILED_SWAP
  }

  boolean isOpen() {
    return returned == NEVER;
  }

  Operation returnedAt(long nanos) {
    return new Operation(key, kind, value, expected, invoked, nanos);
  }

  /** Whether its answer depends on the value that was there: it has seen it. */
  boolean observed(int id) {
    return switch (kind) {
      case READ -> value == id;
      case SWAP -> expected == id && !isOpen();
      case WRITE, FAILED_SWAP -> false;
    };
  }
}
