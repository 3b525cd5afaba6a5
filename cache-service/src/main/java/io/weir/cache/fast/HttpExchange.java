package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.weir.cache.door.KvAnswer;
import io.weir.cache.door.KvRead;
import io.weir.cache.door.KvResponse;
import io.weir.cache.door.KvStep;
import io.weir.cache.door.KvWrite;
import io.weir.cache.door.OverloadedException;
import io.weir.cache.door.SlowBodyException;
import io.weir.cache.door.UnreadableBodyException;
import io.weir.cache.door.ValueTooLargeException;
import io.weir.cache.engine.Bulk;
import io.weir.cache.fast.AnswerWriter.After;
import io.weir.cache.kv.Value;
import io.weir.cache.loop.WayBack;
import io.weir.cache.web.RequestBudget;
import io.weir.model.ProblemType;
import io.weir.web.metrics.RequestMeters;
import io.weir.web.security.Refusal;
import java.io.EOFException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. It is over when it is answered and the whole of its body has come, be
 * it only to be dropped.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop, but for {@link #answer}, which hands over
 * what other threads say by way of the {@link Loop}. What waits runs in a virtual thread, and no
 * two of one exchange at a time.
 *
 * <p><b>Length.</b> More than 400 lines: the steps of one exchange set what the others look at, and
 * apart they would share all of its state.
 */
final class HttpExchange implements KvAnswer {

  private static final byte[] NONE = {};

  private final HttpConnection connection;
  private final HttpDoor door;
  private final long began = System.nanoTime();
  private @Nullable HttpHead head;
  private RequestMeters.@Nullable Running running;
  private @Nullable KvWrite write;
  private @Nullable ArrivingBody body;
  private RequestBudget.@Nullable Reservation reserved;
  private @Nullable LargeAnswer large;
  private boolean takesContent = true;
  private boolean expectsContinue;
  private boolean bodyEnded = true;
  private boolean answered;
  private @Nullable UnwantedBody unwanted;

  HttpExchange(HttpConnection connection, HttpDoor door) {
    this.connection = connection;
    this.door = door;
  }

  /** Takes the head, and answers if that is enough. */
  void begin(HttpHead asked) {
    head = asked;
    bodyEnded = !asked.hasBody();
    expectsContinue = asked.fields().expectsContinue() && asked.hasBody();
    if (asked.hasBody()) {
      running = door.meters().begin(asked.method(), began);
    }
    if (!asked.isForKey()) {
      respond(door.elsewhere(asked));
      return;
    }
    Refusal refusal = door.gate().refusal(asked.asked());
    if (refusal != null) {
      AnswerWriter.write(
          connection.out(), refusal, asked.isHead(), connection.loop().date(), after());
      ended(refusal.problem().type().status());
      return;
    }
    switch (door.keys().begin(asked)) {
      case KvStep.Answered known -> respond(known.response());
      case KvRead read -> {
        expectRunning();
        HttpDoor.offLoop(() -> {
          answer(read.run());
          bulk().told();
        });
      }
      case KvWrite asks -> begin(asks, asked);
    }
  }

  private void begin(KvWrite asks, HttpHead asked) {
    write = asks;
    if (!asks.takesBody() || bodyEnded) {
      run(asks, NONE);
    } else if (!expectsContinue
        && asked.fields().contentLength() >= 0
        && asked.fields().contentLength() <= RequestBudget.FIRST_STEP) {
      wantBody(); // It is on its way already, and small.
    } else {
      takesContent = false;
      HttpDoor.offLoop(() -> {
        KvResponse refusal = asks.refusal();
        later(() -> {
          takesContent = true;
          if (refusal != null) {
            respond(refusal);
          } else if (!answered) {
            wantBody();
          }
        });
      });
    }
  }

  private void wantBody() {
    RequestBudget.Reservation room = door.budget().value();
    reserved = room;
    try {
      body =
          new ArrivingBody(
              Objects.requireNonNull(head).fields().contentLength(),
              door.keys().maxValueBytes(),
              room);
    } catch (ValueTooLargeException e) {
      respond(e);
      return;
    }
    if (expectsContinue) {
      expectsContinue = false;
      connection.out().writeBytes(AnswerWriter.CONTINUE);
    }
  }

  boolean isAnswered() {
    return answered;
  }

  /** Whether a part of the body can be taken now. */
  boolean takesContent() {
    return takesContent;
  }

  /**
   * Takes a part of the body, the next bytes of a buffer.
   *
   * @return false when it is to come again, once there is room for it
   */
  boolean content(ByteBuf in, int bytes) {
    ArrivingBody arriving = body;
    if (arriving != null && !answered) {
      try {
        int wanted = arriving.take(in, bytes);
        if (wanted > 0) {
          awaitRoom(wanted);
        }
        return wanted == 0;
      } catch (ValueTooLargeException e) {
        respond(new ValueTooLargeException(door.keys().maxValueBytes()));
      }
    }
    in.skipBytes(bytes);
    drop(bytes);
    return true;
  }

  /** All of the body is taken. */
  void bodyEnds() {
    bodyEnded = true;
    ArrivingBody arrived = body;
    if (answered) {
      connection.over(this, System.nanoTime());
    } else if (arrived != null) {
      body = null;
      run(Objects.requireNonNull(write), arrived.bytes());
    }
  }

  private void awaitRoom(int wanted) {
    RequestBudget.Reservation room = Objects.requireNonNull(reserved);
    takesContent = false;
    HttpDoor.offLoop(() -> {
      OverloadedException refused = null;
      try {
        room.body(wanted);
      } catch (OverloadedException e) {
        refused = e;
      }
      OverloadedException why = refused;
      later(() -> {
        takesContent = true;
        if (why != null) {
          respond(why);
        }
      });
    });
  }

  private void drop(int bytes) {
    long now = System.nanoTime();
    UnwantedBody dropped = unwanted == null ? new UnwantedBody(now) : unwanted;
    unwanted = dropped;
    if (!dropped.drop(bytes, now)) {
      connection.closeAfterAnswers(true);
    }
  }

  private void run(KvWrite asks, byte[] value) {
    expectRunning();
    try {
      if (asks.tryRun(value, this)) {
        return;
      }
    } catch (RuntimeException e) {
      respond(e);
      return;
    }
    HttpDoor.offLoop(() -> {
      try {
        asks.run(value, this);
      } catch (RuntimeException e) {
        answer(door.keys().refuse(Objects.requireNonNull(head), e));
        bulk().told();
      }
    });
  }

  private void expectRunning() {
    if (running == null) {
      running = door.meters().begin(Objects.requireNonNull(head).method(), began);
    }
  }

  @Override
  public void answer(KvResponse response) {
    if (connection.isTaking()) {
      respond(response);
    } else {
      connection.loop().push(new Answered(response));
    }
  }

  @Override
  public Bulk bulk() {
    return connection.loop();
  }

  /** An answer on its way to the loop. One object, since every write has one. */
  private final class Answered extends WayBack.Returning implements Runnable {

    private final KvResponse response;

    Answered(KvResponse response) {
      this.response = response;
    }

    @Override
    protected void back() {
      connection.resumed(this);
    }

    @Override
    public void run() {
      respond(response);
    }
  }

  private void later(Runnable onLoop) {
    connection.loop().later(() -> connection.resumed(onLoop));
    connection.loop().told();
  }

  private void respond(RuntimeException failure) {
    respond(door.keys().refuse(Objects.requireNonNull(head), failure));
  }

  private void respond(KvResponse response) {
    if (answered || large != null) {
      return; // The client has been too slow meanwhile.
    }
    HttpHead asked = Objects.requireNonNull(head);
    Value value = response.value();
    if (value != null && !asked.isHead() && value.bytes().length > LargeAnswer.SMALL) {
      byte[] bytes = value.bytes();
      LargeAnswer.withRoom(
          bytes.length,
          door.budget(),
          connection,
          room -> send(response, bytes, room),
          this::respond);
      return;
    }
    boolean slow =
        response.problem() != null && response.problem().type() == ProblemType.REQUEST_TIMEOUT;
    AnswerWriter.write(
        connection.out(),
        response,
        asked.isHead(),
        true,
        connection.loop().date(),
        slow ? After.CLOSED : after());
    ended(response.status());
    if (slow) {
      connection.closeAfterAnswers(true);
    }
  }

  private void send(KvResponse response, byte[] bytes, RequestBudget.Answer room) {
    AnswerWriter.write(connection.out(), response, false, false, connection.loop().date(), after());
    connection.flush();
    LargeAnswer sending =
        new LargeAnswer(
            connection.context(),
            bytes,
            room,
            () -> connection.resumed(() -> ended(response.status())));
    large = sending;
    sending.send();
  }

  /** Answers what is not valid, after which nobody knows where the next request begins. */
  void refuse(HttpHead.RefusedException why) {
    if (large != null) {
      connection.cutOff(); // In the middle of a value.
      return;
    }
    if (!answered) {
      String detail = String.valueOf(why.getMessage());
      AnswerWriter.write(connection.out(), why.status(), detail, connection.loop().date());
      ended(why.status());
    }
    connection.closeAfterAnswers(true);
  }

  private After after() {
    HttpHead asked = Objects.requireNonNull(head);
    boolean dropsAll = UnwantedBody.dropsAll(asked.fields().contentLength());
    if (!asked.fields().isKept()
        || !connection.goesOn()
        || (!bodyEnded && (expectsContinue || !dropsAll))) {
      connection.closeAfterAnswers(!bodyEnded);
      return After.CLOSED;
    }
    return asked.fields().isOld() ? After.KEPT : After.GOES_ON;
  }

  /** The answer is written. */
  private void ended(int status) {
    long now = System.nanoTime();
    answered = true;
    body = null;
    if (running != null) {
      running.end(status, null, now);
      running = null;
    } else {
      door.meters().answered(method(), status, now - began);
    }
    giveBack();
    if (bodyEnded) {
      connection.over(this, now);
    } else if (unwanted == null) {
      unwanted = new UnwantedBody(now);
    } else {
      unwanted.answered(now);
    }
  }

  private String method() {
    return head == null ? "UNKNOWN" : head.method();
  }

  private void giveBack() {
    if (reserved != null) {
      reserved.close();
    }
  }

  /** The client sends nothing more. Said again once a body that had to wait may come. */
  void inputEnded() {
    if (!takesContent) {
      return;
    }
    if (!bodyEnded && !answered && body != null) {
      respond(
          new UnreadableBodyException(
              new EOFException("it ended after " + body.length() + " bytes")));
    }
    bodyEnded = true;
    if (answered) {
      connection.over(this, System.nanoTime());
    }
  }

  /** The connection is closed, whatever was still to come. */
  void closed() {
    giveBack();
    if (large != null) {
      large.end();
    }
    if (running != null) {
      running.giveUp();
      running = null;
    }
  }

  void tick(long now) {
    if (large != null) {
      large.tick(now, door.leastRate(), door.timeouts().silence());
    } else if (answered) {
      if (unwanted != null
          && unwanted.isTooSlow(now, door.leastRate(), door.timeouts().silence())) {
        connection.closeAfterAnswers(true);
      }
    } else if (body != null && takesContent) {
      SlowBodyException slow = body.tooSlow(now, door.leastRate(), door.timeouts().silence());
      if (slow != null) {
        connection.resumed(() -> respond(slow));
        connection.flush();
      }
    }
  }
}
