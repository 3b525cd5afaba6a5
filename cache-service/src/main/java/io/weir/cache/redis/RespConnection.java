package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.cache.redis.CommandTable.Known;
import io.weir.cache.redis.RespDecoder.Step;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: what it sends becomes commands, and their replies go out in the same order.
 *
 * <p><b>Ordering.</b> A command that is not answered at once has a {@link Place}; behind one, every
 * reply has. A command begins when those before it have begun, none of them waits elsewhere for its
 * place in the order of writes, and, unless it {@linkplain Command#overtakes overtakes}, all of
 * them are answered. {@code GET} has rules of its own: {@link WaitingReads}.
 *
 * <p><b>Concurrency.</b> Of its event loop, but for what says otherwise. It never works at two
 * things at once: what is answered while it is at work is seen when that is done.
 *
 * <p><b>Bounds.</b> It neither begins nor reads on while too many replies are outstanding, or what
 * is to be sent is not taken. Replies are written to one buffer, which is sent once a turn of the
 * loop, or when it is full.
 *
 * <p><b>Length.</b> More than 400 lines: what may begin, and what may be sent, hang on the same
 * counts of one connection.
 */
final class RespConnection {

  private static final Logger LOG = LoggerFactory.getLogger(RespConnection.class);

  /** How often a request is looked at again that awaits a leader. */
  private static final long LEADER_POLL_MILLIS = 20;

  private final ChannelHandlerContext context;
  private final RespDoor door;
  private final Returns returns;
  private final Account account;
  private final RespDecoder decoder;
  private final RespSession session;
  private final WaitingReads reads;
  private final Output out;

  private final Places places = new Places(this);

  /** How many commands wait in other threads and keep the next from beginning. */
  private int offLoop;

  /** Whether the decoder has a request that has not begun. */
  private boolean undecided;

  /** Whether there is no whole request. */
  private boolean hungry = true;

  /** When the request came that awaits a leader; 0 while none does. */
  private long awaitsSince;

  private boolean awaitsTimer;

  private boolean atWork;
  private boolean broken;
  private boolean inputEnded;
  private boolean ended;
  private boolean closed;
  private boolean readsOn = true;

  private long requests;

  /** When the request before the next one was answered, if that was in this turn; 0 if not. */
  private long answeredAt;

  /** Among those that have something back. Of {@link Returns}. */
  @Nullable RespConnection nextToGoOn;

  boolean isToGoOn;

  RespConnection(ChannelHandlerContext context, RespDoor door, long id) {
    this.context = context;
    this.door = door;
    this.returns = door.returnsOf(context.executor());
    this.account = new Account(door.budget());
    this.decoder = new RespDecoder(door.commands(), door.limits(), account);
    this.session = new RespSession(id, door.authenticator(), context.channel());
    this.reads = new WaitingReads(this, door.entries());
    this.out = new Output(context, session, account, door.meters(), returns.output());
  }

  // What the handler tells.

  /** Takes what has come, and does what can be done with it. */
  void received(ByteBuf bytes) {
    if (isEnding() || inputEnded) {
      return;
    }
    decoder.append(bytes, returns.scratch());
    hungry = false; // Unless that is looked at, and is not enough.
    work();
    keep();
  }

  /** Leaves the loop's scratch to others. */
  private void keep() {
    if (!isEnding() && !decoder.keep()) {
      door.meters().refused("overloaded");
      fail(RespDecoder.NO_ROOM);
    }
    if (isEnding()) {
      decoder.drop(); // Nobody decodes it any more.
    }
  }

  /**
   * Nothing comes any more, or nothing more is to be begun: whole requests that have come are
   * answered, and that is the end.
   */
  void inputEnded() {
    inputEnded = true;
    if (ended) {
      var _ = context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      send();
    }
  }

  /** The server stops: as {@link #inputEnded}, but what has ended takes its time. */
  void draining() {
    if (!ended) {
      inputEnded();
    }
  }

  void closed() {
    closed = true;
    account.close();
    out.close();
  }

  // What returns from other threads.

  /** Goes on after something is back. */
  void goOn() {
    if (!closed) {
      work();
      keep();
      send();
    }
  }

  /** Closes it: a reply may be missing or half written, and the next must not be taken for it. */
  void givenUp(Throwable failure) {
    LOG.error("a connection failed", failure);
    var _ = context.channel().close();
  }

  /** The same; while it is at work it goes on anyhow. */
  void goOnUnlessAtWork() {
    if (!atWork) {
      goOn();
    }
  }

  /** A command waits in another thread. */
  void leavesLoop() {
    offLoop++;
  }

  /** It does no longer, or has failed to. */
  void isBackOnLoop() {
    offLoop--;
  }

  Returns returns() {
    return returns;
  }

  Executor executor() {
    return door.executor();
  }

  // What is done.

  private void work() {
    if (atWork) {
      return;
    }
    atWork = true;
    answeredAt = 0;
    try {
      settle();
      while (mayBegin()) {
        if (!undecided) {
          Step step = decoder.next(session.isTrusted());
          if (step != Step.REQUEST) {
            hungry = step == Step.MORE;
            end(step);
            return;
          }
          requests++;
          undecided = true;
          hungry = false;
        }
        if (!door.dispatcher().begin(this)) {
          return;
        }
        awaitsSince = 0;
        undecided = false;
        decoder.done();
        settle();
      }
    } finally {
      atWork = false;
    }
  }

  private boolean mayBegin() {
    if (isEnding() || offLoop > 0 || awaitsTimer || places.size() >= door.limits().maxPending()) {
      return false;
    }
    return hasRoom();
  }

  private boolean isEnding() {
    return closed || broken || session.closesAfterReplies();
  }

  private void end(Step step) {
    if (step == Step.BROKEN) {
      door.meters().refused("protocol-error");
      fail(decoder.failure());
    } else if (step == Step.FOREIGN) {
      door.meters().refused("cross-protocol");
      var _ = context.close();
    }
  }

  /** Says why nothing is read any more, after all replies, and ends. */
  void fail(String text) {
    broken = true; // First: an answer may have it go on.
    answer(new Reply.Failure(text));
  }

  /** Writes the replies whose turn it is, as many as the client takes. */
  private void settle() {
    Place first = places.first();
    while (first != null && hasRoom() && isDue(first)) {
      places.removeFirst(first);
      write(first);
      first = places.first();
    }
  }

  private boolean isDue(Place place) {
    return place.isAnswered() || (place.isRead() && reads.take(place));
  }

  /** Whether more output may be made. Sends what there is when that is much. */
  private boolean hasRoom() {
    if (out.isLarge()) {
      out.flush();
    }
    return context.channel().isWritable();
  }

  private void write(Place place) {
    Object outcome = place.outcome();
    Known command = place.command();
    boolean read = command != null && command.spec().access() == Access.READ;
    Reply reply =
        outcome instanceof RuntimeException e
            ? door.errors().of(e, place.slot(), read && session.readsReplicas())
            : (Reply) outcome;
    if (!closed && reply != null) {
      out.write(reply, read);
    }
    account.free(place.heldBytes());
    if (command != null) {
      command
          .meters()
          .answered(reply instanceof Reply.Failure, System.nanoTime() - place.beganNanos());
    }
    places.recycle(place);
  }

  /** Replies at once, or after all replies that are outstanding. */
  void answer(Reply reply) {
    if (places.isEmpty()) {
      out.write(reply, false);
    } else {
      places.addSpent().reply(reply);
    }
  }

  /**
   * When a request begins, in {@link System#nanoTime}: when the one before it was answered, where
   * that has just been, since to read the clock is much of what a read of a key costs. Asked once a
   * request.
   */
  long begins() {
    long before = answeredAt;
    answeredAt = 0;
    return before == 0 ? System.nanoTime() : before;
  }

  /** A request was answered at once. */
  void answered(long nanos) {
    answeredAt = nanos;
  }

  /** What is sent, for who replies at once, while no reply is outstanding. */
  Output out() {
    return out;
  }

  /** Takes a place for a command that nobody replies to but this package and the engine. */
  Place ownPlace() {
    return places.addReusable();
  }

  /** Takes a place for any command. */
  Place place() {
    return places.addSpent();
  }

  /** Whether all commands that have begun are answered. */
  boolean isSettled() {
    return places.isEmpty();
  }

  /** The reads that wait. */
  WaitingReads reads() {
    return reads;
  }

  RespDecoder decoder() {
    return decoder;
  }

  RespSession session() {
    return session;
  }

  Account account() {
    return account;
  }

  /**
   * Holds a request back whose shard has no leader, for a while.
   *
   * @return false when it has been held back for long enough
   */
  boolean awaitsLeader() {
    long now = context.executor().ticker().nanoTime();
    if (awaitsSince == 0) {
      awaitsSince = now == 0 ? 1 : now;
    }
    if (now - awaitsSince >= door.limits().leaderWait().toNanos()) {
      return false;
    }
    awaitsTimer = true;
    var _ =
        context
            .executor()
            .schedule(
                () -> {
                  awaitsTimer = false;
                  try {
                    goOn();
                  } catch (RuntimeException | Error e) {
                    givenUp(e);
                  }
                },
                LEADER_POLL_MILLIS,
                TimeUnit.MILLISECONDS);
    return true;
  }

  // What goes out.

  /** Sends what is to be sent, reads on or not, and ends when all is said. To end each turn. */
  void send() {
    out.flush();
    if (closed || ended) {
      return;
    }
    boolean answered = places.isEmpty() && offLoop == 0;
    boolean over = broken || session.closesAfterReplies() || (inputEnded && hungry);
    if (answered && over) {
      ended = true;
      Lingering.close(context, door.limits().grace());
      return;
    }
    if (readsOn != mayReadOn()) {
      readsOn = !readsOn;
      context.channel().config().setAutoRead(readsOn);
    }
  }

  private boolean mayReadOn() {
    return hungry
        || isEnding()
        || (decoder.waitingBytes() < RespLimits.INPUT_BYTES
            && places.size() < door.limits().maxPending()
            && context.channel().isWritable());
  }

  // What the pace is taken of.

  /** Whether a request has begun to come, and not ended. */
  boolean isAmidstRequest() {
    return hungry && decoder.isAmidst();
  }

  long requests() {
    return requests;
  }

  /** Bytes that were handed over to be sent. */
  long sentBytes() {
    return out.sentBytes();
  }

  Channel channel() {
    return context.channel();
  }
}
