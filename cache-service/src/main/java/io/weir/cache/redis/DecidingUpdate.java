package io.weir.cache.redis;

import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.Edit;
import io.weir.cache.engine.Update;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Versioned;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write that decides and remembers what to reply, which is said once the write is acknowledged: a
 * refusal, too, may have been decided on what is not applied yet.
 *
 * <p><b>Concurrency.</b> What was decided is seen by the thread that tells the outcome: the engine
 * has proposed it in between.
 */
final class DecidingUpdate implements Update, WriteListener {

  private final Pending pending;
  private final Function<List<Versioned>, Decided> decision;
  private final boolean needsCurrent;
  private final LongAdder expiryRewrites;

  private Decided decided = Decided.nothing(Reply.NIL);

  /**
   * @param expiryRewrites counts those that rewrite a value for its expiry alone
   */
  DecidingUpdate(
      Pending pending,
      Function<List<Versioned>, Decided> decision,
      boolean needsCurrent,
      LongAdder expiryRewrites) {
    this.pending = pending;
    this.decision = decision;
    this.needsCurrent = needsCurrent;
    this.expiryRewrites = expiryRewrites;
  }

  @Override
  public List<Edit> decide(List<Versioned> current) {
    try {
      decided = decision.apply(current);
    } catch (CommandRefusedException e) {
      decided = Decided.nothing(e.reply());
    }
    return decided.edits();
  }

  @Override
  public boolean needsCurrent() {
    return needsCurrent;
  }

  @Override
  public void written(@Nullable Written written) {
    if (decided.expiryAlone()) {
      expiryRewrites.increment();
    }
    pending.reply(decided.reply());
  }

  @Override
  public void failed(RuntimeException why) {
    pending.fail(why);
  }

  @Override
  public Bulk bulk() {
    return pending.bulk();
  }
}
