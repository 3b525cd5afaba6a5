package io.weir.cache.journal.raft;

import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.ReadLease;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The switch that is thrown once, when a member can no longer keep its promises. */
final class FailStop {

  private static final Logger LOG = LoggerFactory.getLogger(FailStop.class);

  private final String group;
  private final ReadLease lease;
  private final JournalListener listener;
  private final AtomicBoolean tripped = new AtomicBoolean();

  FailStop(String group, ReadLease lease, JournalListener listener) {
    this.group = group;
    this.lease = lease;
    this.listener = listener;
  }

  boolean isTripped() {
    return tripped.get();
  }

  /**
   * Ends the lease and tells the server, the first time. Does not throw, and logs nothing before: a
   * line may wait for the disk that hangs.
   */
  void trip(String what, @Nullable Throwable cause) {
    if (!tripped.compareAndSet(false, true)) {
      return;
    }
    lease.bar();
    try {
      listener.broken(what, cause);
    } catch (RuntimeException | Error e) {
      LOG.error("the server did not take the failure of its journal: group={}: {}", group, what, e);
    }
  }
}
