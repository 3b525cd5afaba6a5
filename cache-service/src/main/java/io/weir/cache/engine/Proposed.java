package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import org.jspecify.annotations.Nullable;

/**
 * What a write on its way makes of one key, as the key's gate knows it.
 *
 * <p><b>Concurrency.</b> Its neighbours in the gate are guarded by the gate's lock.
 */
final class Proposed {

  private final KeyGates.Gate gate;
  private final Proposal by;
  private final Write write;

  /** Neighbours in the gate. */
  @Nullable Proposed older;

  @Nullable Proposed newer;

  /** What the same write makes of its next key. Set before it is appended. */
  @Nullable Proposed next;

  Proposed(KeyGates.Gate gate, Proposal by, Write write) {
    this.gate = gate;
    this.by = by;
    this.write = write;
  }

  Proposal by() {
    return by;
  }

  Write write() {
    return write;
  }

  /** What the key will hold. */
  Versioned what() {
    return Versioned.of(write.version(), write.value());
  }

  /** Takes it out of its gate, and gives that back: its outcome is known. */
  void end() {
    gate.ended(this);
    gate.leave();
  }
}
