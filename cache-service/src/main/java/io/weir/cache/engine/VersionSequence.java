package io.weir.cache.engine;

import io.weir.model.Version;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The versions of one leader's writes, each larger than every earlier one. A counter that runs out
 * carries into the epoch, which is the leader's own within its generation.
 */
final class VersionSequence {

  private final AtomicLong last;

  VersionSequence(Version start) {
    this.last = new AtomicLong(start.value());
  }

  Version next() {
    return new Version(last.incrementAndGet());
  }
}
