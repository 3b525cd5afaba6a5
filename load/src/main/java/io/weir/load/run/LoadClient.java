package io.weir.load.run;

import io.netty.buffer.ByteBuf;
import io.weir.client.Backoff;
import io.weir.client.CacheStatus;
import io.weir.client.LeastBusy;
import io.weir.client.RoutingTable;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import io.weir.load.verify.ReadVerifier;
import io.weir.load.verify.ValuePattern;
import io.weir.load.verify.Verdict;
import io.weir.load.verify.WriteLog;
import io.weir.load.workload.Operation;
import io.weir.load.workload.ValueSizes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client: it has one operation under way at most, and one request of it in flight.
 *
 * <p><b>Concurrency.</b> Confined to its event loop. It has one connection to each server, opened
 * when first needed, on that same loop.
 *
 * <p><b>Failure.</b> A failed operation is counted and not repeated; in a closed loop the next one
 * begins after a back-off. Nothing keeps a client from going on but the end of the stage.
 */
final class LoadClient implements Wire.Listener {

  private static final Duration FIRST_WAIT = Duration.ofMillis(5);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  private final LoadRun run;
  private final LoadLoop loop;
  private final LoopRecorder recorder;
  private final WriteLog log;
  private final @Nullable ReadVerifier verifier;
  private final @Nullable AnswerListener answers;
  private final ValueSizes valueSizes;
  private final long timeoutNanos;
  private final boolean readsFromAny;
  private final SplittableRandom random;
  private final Map<ServerAddress, Link> links = new HashMap<>();
  private final Task task = new Task();
  private byte[] value = {}; // Grows to the largest that was needed.
  private byte[] read = {}; // Likewise.
  private @Nullable Stage stage;
  private @Nullable Pacer pacer;
  private @Nullable Backoff backoff; // Of the failures in a row; null after a success.
  private @Nullable Link link; // The one in use; null between operations.
  private boolean reading; // Whether the request in flight is a GET.
  private boolean spread; // Whether any server of the shard may answer it.
  private long floor; // What the read in flight must return at least.
  private long intendedAt;
  private long startedAt;
  private boolean renewed; // The token, in this operation.
  private long requestedAt;
  private boolean rested = true;

  /** Since when there is nothing under way. The pacer's. */
  long idleSince;

  /** Whether a timer is to wake this client up. The pacer's. */
  boolean waiting;

  /** A server and this client's connection to it. */
  private static final class Link {
    final ServerAddress server;
    final ServerRecorder recorder;
    final LeastBusy.Busyness busyness;
    @Nullable Wire wire;

    Link(ServerAddress server, LoadLoop loop) {
      this.server = server;
      this.recorder = loop.recorder().of(server);
      this.busyness = loop.servers().of(server);
    }
  }

  LoadClient(LoadRun run, LoadLoop loop, SplittableRandom random) {
    this.run = run;
    this.loop = loop;
    this.recorder = loop.recorder();
    this.log = run.log();
    this.verifier = run.verifier();
    this.answers = run.answers();
    this.valueSizes = run.plan().workload().valueSizes();
    this.timeoutNanos = run.plan().requestTimeout().toNanos();
    this.readsFromAny = run.plan().readFromAny() != null;
    this.random = random;
  }

  void enter(Stage next, Pacer itsPacer) {
    stage = next;
    pacer = itsPacer;
    waiting = false;
    rested = false;
  }

  boolean isIn(Stage which) {
    return stage == which;
  }

  /**
   * Begins an operation, or rests when the stage has no more.
   *
   * @param intended when it was to begin
   */
  void begin(long intended) {
    Stage in = Objects.requireNonNull(stage);
    link = null;
    renewed = false;
    if (in.isOver() || !in.tasks().next(task, random)) {
      rest();
      return;
    }
    intendedAt = intended;
    startedAt = System.nanoTime();
    reading = task.operation == Operation.READ || task.operation == Operation.READ_MODIFY_WRITE;
    spread = readsFromAny && task.operation == Operation.READ;
    ServerAddress server = route(log.keys().slot(task.key));
    if (server == null) {
      fail(ErrorKind.NO_OWNER, false, 0);
      return;
    }
    Link to = links.get(server);
    if (to == null) {
      to = new Link(server, loop);
      links.put(server, to);
    }
    link = to;
    if (spread) {
      to.busyness.began();
    }
    send(to, startedAt);
  }

  /** The server to ask; null while there is none. */
  private @Nullable ServerAddress route(int slot) {
    RoutingTable table = run.routing();
    if (table == null || !spread) {
      return table == null ? null : table.leaderOf(slot);
    }
    List<ServerAddress> replicas = table.serversOf(slot);
    return replicas.isEmpty() ? null : loop.servers().choose(replicas);
  }

  private void send(Link to, long now) {
    requestedAt = now;
    Wire wire = to.wire;
    if (wire != null && wire.isOpen()) {
      request(wire);
      return;
    }
    if (wire != null) {
      to.wire = null;
      wire.close();
    }
    loop.wires().open(to.server, this);
  }

  private void request(Wire wire) {
    if (reading) {
      if (verifier != null) {
        floor = verifier.floor(task.key);
      }
      wire.get(task.key, spread);
      return;
    }
    if (task.operation == Operation.DELETE) {
      wire.delete(task.key);
      return;
    }
    int size = valueSizes.next(random);
    if (size > value.length) {
      value = new byte[size];
    }
    ValuePattern.encode(value, size, ValuePattern.hash(log.keys().bytes(task.key)), task.sequence);
    wire.put(task.key, value, size);
  }

  @Override
  public void opened(Wire wire) {
    Link to = link;
    if (to == null) {
      wire.close();
      return;
    }
    to.wire = wire;
    request(wire);
  }

  @Override
  public void unopened(ErrorKind kind) {
    fail(kind, false, 0);
  }

  @Override
  public void unanswered(ErrorKind kind, boolean mayHaveArrived) {
    fail(kind, mayHaveArrived, 0);
  }

  @Override
  public void refused(ErrorKind kind, boolean mayBeApplied, long askedToWaitNanos) {
    fail(kind, mayBeApplied, askedToWaitNanos);
  }

  /** Sends the request again, once an operation. */
  @Override
  public void tokenRefused() {
    Link to = link;
    if (to == null || renewed) {
      fail(ErrorKind.REJECTED, false, 0);
      return;
    }
    renewed = true;
    send(to, requestedAt);
  }

  @Override
  public void done(boolean absent, CacheStatus cacheStatus, ByteBuf body) {
    Link from = Objects.requireNonNull(link);
    long now = System.nanoTime();
    from.recorder.succeeded(now - requestedAt);
    if (spread) {
      from.busyness.answered(now - requestedAt);
    }
    if (reading) {
      from.recorder.read(cacheStatus);
      if (answers != null) {
        answers.read(task.key, cacheStatus);
      }
      Verdict verdict = verifier == null ? Verdict.UNTOUCHED : judge(verifier, from, absent, body);
      if (verdict.isWrong()) {
        recorder.failed(task.operation, ErrorKind.of(verdict));
        if (task.operation.writes()) {
          log.reject(task.key);
        }
        end(true, 0);
        return;
      }
      if (absent) {
        recorder.absent();
      }
      if (task.operation == Operation.READ_MODIFY_WRITE) {
        reading = false;
        send(from, now);
        return;
      }
    } else {
      log.acknowledge(task.key);
      if (answers != null) {
        answers.wrote(task.key);
      }
    }
    recorder.succeeded(task.operation, now - intendedAt, now - startedAt);
    backoff = null;
    end(false, 0);
  }

  private Verdict judge(ReadVerifier by, Link from, boolean absent, ByteBuf body) {
    if (absent) {
      return by.check(task.key, floor, null, 0, from.server);
    }
    int size = body.readableBytes();
    if (size > read.length) {
      read = new byte[size];
    }
    body.getBytes(body.readerIndex(), read, 0, size);
    return by.check(task.key, floor, read, size, from.server);
  }

  private void fail(ErrorKind kind, boolean mayHaveArrived, long askedToWait) {
    recorder.failed(task.operation, kind);
    if (link != null) {
      link.recorder.failed();
      if (spread) {
        link.busyness.failed();
      }
    }
    boolean ambiguous = mayHaveArrived && !reading;
    if (task.operation.writes()) {
      if (ambiguous) {
        log.lose();
      } else {
        log.reject(task.key);
      }
    }
    if (kind.doubtsTopology()) {
      run.doubtTopology();
    }
    if (backoff == null) {
      backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random::nextLong);
    }
    end(!ambiguous, Math.max(backoff.nextNanos(), askedToWait));
  }

  private void end(boolean rejected, long pauseNanos) {
    link = null;
    Objects.requireNonNull(stage).tasks().ended(task, rejected);
    Objects.requireNonNull(pacer).ended(this, pauseNanos);
  }

  /** Gives up an exchange that has been under way for too long. */
  void sweep(long now) {
    Link in = link;
    if (in != null && in.wire != null && now - requestedAt > timeoutNanos) {
      in.wire.abort(
          new TransportException(
              TransportException.Reason.TIMEOUT, true, in.server + " did not answer in time"));
    }
  }

  /** Begins nothing more in this stage. */
  void rest() {
    if (!rested) {
      rested = true;
      Objects.requireNonNull(stage).rested();
    }
  }

  void close() {
    for (Link each : links.values()) {
      if (each.wire != null) {
        each.wire.close();
      }
    }
  }
}
