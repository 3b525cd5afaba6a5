package io.weir.cache.server;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.ReadGuard;
import java.util.function.BooleanSupplier;

/**
 * A guard of what only a leader does: the group confirms a read to any member that asks, so this
 * one looks afterwards whether the reign goes on.
 *
 * @param isReigning whether it does, as far as this member has applied the log
 */
record LeaderGuard(ReadGuard reads, BooleanSupplier isReigning) implements ReadGuard {

  @Override
  public boolean isCurrent() {
    return reads.isCurrent() && isReigning.getAsBoolean();
  }

  @Override
  public void confirm() {
    reads.confirm();
    if (!isReigning.getAsBoolean()) {
      throw new NotServing("this server does not lead its shard any more");
    }
  }
}
