package io.weir.cache.redis;

import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.engine.Written;
import io.weir.cache.loop.WayBack;
import io.weir.cache.redis.CommandTable.Known;
import io.weir.model.Consistency;
import io.weir.model.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that has begun, in its place among those of its connection. A blind write hears of its
 * outcome itself.
 *
 * <p><b>Concurrency.</b> The outcome is set once, by whichever thread has it, and seen by the event
 * loop once it is {@link #back}. All else is of the loop.
 */
final class Place extends WayBack.Returning implements Pending, WriteListener {

  private static final Logger LOG = LoggerFactory.getLogger(Place.class);
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(Place.class, "outcome", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RespConnection connection;

  /** The one behind it. Of {@link Places}. */
  @Nullable Place next;

  /** A {@link Reply}, or the exception in place of one; null before. */
  private volatile @Nullable Object outcome;

  private boolean answered;
  private boolean spent;
  private @Nullable Known command;
  private @Nullable Key key;
  private @Nullable Consistency asked;
  private boolean loading;
  private int slot;
  private long heldBytes;
  private long beganNanos;

  Place(RespConnection connection) {
    this.connection = connection;
  }

  /**
   * Begins a command.
   *
   * @param slot of its keys; negative when it has none
   * @param heldBytes what it holds of the connection's account
   */
  Place begin(Known command, int slot, long heldBytes, long nanos) {
    this.command = command;
    this.slot = slot;
    this.heldBytes = heldBytes;
    this.beganNanos = nanos;
    return this;
  }

  /** Makes it a place for another command; to be called when nobody else knows it any more. */
  void clear() {
    outcome = null;
    answered = false;
    command = null;
    key = null;
    asked = null;
  }

  /** Makes it that of a read which waits for its turn. */
  Place reading(Key what, @Nullable Consistency consistency) {
    key = what;
    asked = consistency;
    return this;
  }

  /** Whether it is that of a read which waits for its turn. */
  boolean isRead() {
    return key != null;
  }

  /** What is read. */
  Key key() {
    return Objects.requireNonNull(key, "no read");
  }

  @Nullable Consistency asked() {
    return asked;
  }

  /** Whether what is read is being loaded. */
  boolean isLoading() {
    return loading;
  }

  void loading(boolean now) {
    loading = now;
  }

  /** Whether it may be a place for another command: nobody else may know this one. */
  boolean isReusable() {
    return !spent;
  }

  /** Its outcome is for others than the engine to tell. */
  Place spent() {
    spent = true;
    return this;
  }

  @Nullable Known command() {
    return command;
  }

  int slot() {
    return slot;
  }

  long heldBytes() {
    return heldBytes;
  }

  long beganNanos() {
    return beganNanos;
  }

  /** Whether its outcome has come to the loop. */
  boolean isAnswered() {
    return answered;
  }

  /** The {@link Reply}, or the exception. */
  @Nullable Object outcome() {
    return outcome;
  }

  @Override
  public void reply(Reply reply) {
    give(reply);
  }

  @Override
  public void fail(RuntimeException why) {
    give(why);
  }

  @Override
  public void written(@Nullable Written written) {
    give(Reply.OK);
  }

  @Override
  public void failed(RuntimeException why) {
    give(why);
  }

  private void give(Object what) {
    if (!OUTCOME.compareAndSet(this, null, what)) {
      LOG.error("{} has a second outcome, {}, after {}", this, what, outcome);
      return;
    }
    if (connection.returns().isLoop()) {
      answered = true;
      connection.goOnUnlessAtWork();
    } else {
      connection.returns().push(this);
    }
  }

  @Override
  protected void back() {
    answered = true;
    connection.returns().goesOn(connection);
  }

  @Override
  public Bulk bulk() {
    return connection.returns();
  }

  @Override
  public void offLoop(Runnable waiting) {
    spent = true;
    connection.leavesLoop();
    OffLoop task = new OffLoop(this, waiting);
    try {
      connection.executor().execute(task);
    } catch (RejectedExecutionException e) {
      connection.isBackOnLoop();
      fail(e);
    }
  }

  /** Something that waits, elsewhere than on the loop. */
  private static final class OffLoop extends WayBack.Returning implements Runnable {

    private final Place place;
    private final Runnable waiting;

    OffLoop(Place place, Runnable waiting) {
      this.place = place;
      this.waiting = waiting;
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // What comes of it is told, and nothing is lost.
    public void run() {
      Returns returns = place.connection.returns();
      try {
        waiting.run();
      } catch (RuntimeException e) {
        place.fail(e);
      } catch (Error e) {
        place.fail(new IllegalStateException(e));
        throw e;
      } finally {
        returns.push(this);
        returns.told();
      }
    }

    @Override
    protected void back() {
      place.connection.isBackOnLoop();
      place.connection.returns().goesOn(place.connection);
    }
  }

  @Override
  public String toString() {
    Known known = command;
    return known == null ? "a place" : known.toString();
  }
}
