package io.weir.cache.server;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.journal.ReplicatedJournal;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads under the journal: by the leader's lease, or by asking the group.
 *
 * @param byLease whether the lease counts; if not, the group is asked each time
 * @param timeout how long the group may take to confirm
 */
record JournalReadGuard(ReplicatedJournal journal, boolean byLease, Duration timeout)
    implements ReadGuard {

  @Override
  public boolean isCurrent() {
    return byLease && journal.lease().isValid();
  }

  @Override
  public void confirm() {
    try {
      journal.readIndex().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new NotServing("the shard's group does not confirm the read: " + reason(e));
    } catch (TimeoutException e) {
      throw new NotServing(
          "the shard's group does not confirm the read within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotServing("the server is stopping");
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? e.toString() : String.valueOf(cause.getMessage());
  }
}
