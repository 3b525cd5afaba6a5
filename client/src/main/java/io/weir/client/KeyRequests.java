package io.weir.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weir.client.transport.ConnectionPool;
import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import io.weir.client.transport.TransportException.Reason;
import io.weir.model.Headers;
import io.weir.model.Key;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends an operation to the owner of its key until a server decides it or its deadline passes.
 *
 * <p><b>What is repeated.</b> A read always. A write when the server has certainly not applied it:
 * the connection was refused, or a Weir server answered 421 or 503, which it does before it touches
 * anything. A write that may have arrived is repeated only where its options allow it.
 *
 * <p><b>Until when.</b> Neither a server nor a master is asked when less than {@link
 * ConnectionPool#leastTime} of the deadline is left: the time-out would hide the failure before it,
 * and would make a write ambiguous that no server has applied.
 *
 * <p><b>Where to.</b> After a 421, a refused connection or a timeout the topology is refreshed. If
 * it still names the server that said 421, and that server's answer carries a higher term or a
 * newer topology, the owner that it names is asked. Only on the internal network: a cache server
 * knows its peers by no other addresses. When a leader does not answer, or there is none, the
 * shard's other servers are asked in turn: one of them may lead by now, or know who does.
 */
final class KeyRequests {

  private static final Duration FIRST_WAIT = Duration.ofMillis(25);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /**
   * A request may go on at once to another server this often; then it backs off, so that two
   * servers that point at each other are not asked in a tight loop.
   */
  private static final int MAX_REDIRECTS = 3;

  private final ClientSettings settings;
  private final TopologyWatch watch;
  private final Exchanges exchanges;
  private final LongSupplier nanoClock;
  private final Duration leastAttempt;
  private final LeastBusy servers =
      new LeastBusy(bound -> ThreadLocalRandom.current().nextInt(bound));

  KeyRequests(
      ClientSettings settings, TopologyWatch watch, Exchanges exchanges, LongSupplier nanoClock) {
    this.settings = settings;
    this.watch = watch;
    this.exchanges = exchanges;
    this.nanoClock = nanoClock;
    this.leastAttempt = ConnectionPool.leastTime(settings.deadline());
  }

  /**
   * Returns the answer that decides the operation: 2xx, or 404 to a read.
   *
   * @throws WeirException when there is none
   */
  Response send(KeyRequest request) {
    return new Call(request).run();
  }

  /** One operation under way. Confined to the calling thread. */
  private final class Call {

    private final KeyRequest request;
    private final Deadline deadline = Deadline.after(settings.deadline(), nanoClock);
    private final Backoff backoff =
        new Backoff(FIRST_WAIT, LONGEST_WAIT, bound -> ThreadLocalRandom.current().nextLong(bound));
    private @Nullable ServerAddress hint;
    private @Nullable WeirException failure;
    private boolean mayBeApplied;
    private int redirects;
    private int attempts;

    Call(KeyRequest request) {
      this.request = request;
    }

    Response run() {
      while (true) {
        ServerAddress server = hint != null ? hint : route();
        hint = null;
        if (server != null) {
          Response decision = attempt(server);
          if (decision != null) {
            return decision;
          }
        }
        if (hint == null) {
          pause(backoff.nextNanos());
        }
      }
    }

    private @Nullable ServerAddress route() {
      requireTime();
      RoutingTable table;
      try {
        table = watch.get(deadline);
      } catch (NotReachableException e) {
        failure = e;
        return null;
      }
      List<ServerAddress> replicas = table.serversOf(request.key().slot());
      if (request.consistency() != null && attempts++ == 0 && !replicas.isEmpty()) {
        return servers.choose(replicas);
      }
      ServerAddress leader = table.leaderOf(request.key().slot());
      if (leader == null) {
        failure = noOwner(table);
        refresh();
      }
      return leader;
    }

    /** Returns the deciding answer, or null when the request is to be repeated. */
    private @Nullable Response attempt(ServerAddress server) {
      requireTime();
      Duration timeout =
          request.isRepeatable() ? deadline.atMost(settings.readTimeout()) : deadline.remaining();
      LeastBusy.Busyness busyness = servers.of(server);
      long start = nanoClock.getAsLong();
      busyness.began();
      Response response;
      try {
        response = exchanges.send(server, () -> request.to(server), timeout);
        busyness.answered(nanoClock.getAsLong() - start);
      } catch (TransportException e) {
        busyness.failed();
        unanswered(e);
        refresh();
        askAnother(server);
        return null;
      }
      return decide(server, response);
    }

    /** After a server did not answer: who else of its shard may know more. */
    private void askAnother(ServerAddress silent) {
      RoutingTable table = watch.current();
      if (table == null || ++redirects > MAX_REDIRECTS) {
        return;
      }
      List<ServerAddress> others =
          table.serversOf(request.key().slot()).stream()
              .filter(other -> !other.equals(silent))
              .toList();
      if (!others.isEmpty()) {
        hint = others.get(ThreadLocalRandom.current().nextInt(others.size()));
      }
    }

    private void unanswered(TransportException e) {
      String message = request + ": " + e.getMessage();
      if (e.mayHaveArrived() && request.isWrite()) {
        mayBeApplied = true;
      }
      boolean cancelled = e.reason() == Reason.CANCELLED;
      boolean malformed = e.reason() == Reason.MALFORMED;
      if (mayBeApplied && (cancelled || malformed || !request.isRepeatable())) {
        throw new AmbiguousOutcomeException(message + "; it may have been applied", e);
      }
      if (malformed) {
        throw new UnexpectedAnswerException(message, e);
      }
      boolean outOfTime = e.reason() == Reason.TIMEOUT && !deadline.leaves(leastAttempt);
      if (failure == null || !outOfTime || e.mayHaveArrived()) {
        failure =
            e.reason() == Reason.TIMEOUT || e.reason() == Reason.POOL_EXHAUSTED
                ? new DeadlineExceededException(message, e)
                : new NotReachableException(message, e);
      } // Else nothing was sent before the deadline, and the failure before it says more.
      if (cancelled) {
        throw failure;
      }
    }

    private @Nullable Response decide(ServerAddress server, Response response) {
      int status = response.status();
      if ((status >= 200 && status < 300)
          || (status == 404 && !request.isWrite() && isAbsence(response))) {
        return response;
      }
      ServerProblem problem = ServerProblem.of(response);
      String message = request + ": " + server + " answered " + problem;
      if (status == 412 && !mayBeApplied) {
        throw new PreconditionFailedException(message);
      }
      if (status == 421 && problem.isWeirs()) {
        failure = new NotReachableException(message);
        moved(server, problem);
        return null;
      }
      boolean decided = status < 500 && status != 408 && status != 429;
      if (request.isWrite()
          && (mayBeApplied || !decided)
          && !(status == 503 && problem.isWeirs())) {
        mayBeApplied = true;
        if (decided || !request.isRepeatable()) {
          throw new AmbiguousOutcomeException(message + "; it may have been applied");
        }
      }
      failure = new RejectedException(message, problem);
      if (decided || status == 500) {
        throw failure;
      }
      if (problem.isNotServing()) {
        refresh();
        askAnother(server);
      }
      if (hint == null) {
        pauseAsAsked(response);
      }
      return null;
    }

    /** A 404 of Weir's own, and not of whatever else listens there. */
    private boolean isAbsence(Response response) {
      return response.headers().contains(Headers.TOPOLOGY_VERSION)
          || ServerProblem.of(response).isWeirs();
    }

    private void moved(ServerAddress from, ServerProblem problem) {
      refresh();
      RoutingTable table = watch.current();
      if (table == null || ++redirects > MAX_REDIRECTS) {
        return;
      }
      int slot = request.key().slot();
      ServerAddress leader = table.leaderOf(slot);
      boolean elsewhere = leader != null && !leader.equals(from);
      boolean newer =
          problem.term() > table.termOf(slot)
              || (!elsewhere && problem.topologyVersion() > table.topology().version());
      if (settings.network() == Network.INTERNAL && problem.owner() != null && newer) {
        hint = ServerAddress.of(problem.owner());
      } else if (elsewhere) {
        hint = leader;
      }
    }

    private void refresh() {
      try {
        watch.refresh(deadline);
      } catch (NotReachableException e) {
        // What is known stays in use; the failure that led here is the one to report.
      }
    }

    private void pauseAsAsked(Response response) {
      String seconds = response.headers().get(HttpHeaderNames.RETRY_AFTER);
      if (seconds != null && seconds.matches("\\d{1,6}")) {
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        pause(deadline.atMost(asked).toNanos());
      }
    }

    /** Waits, or throws what failed last when the deadline comes first. */
    private void pause(long nanos) {
      if (deadline.remaining().toNanos() <= nanos || Thread.currentThread().isInterrupted()) {
        throw lastFailure();
      }
      long end = nanoClock.getAsLong() + nanos;
      for (long left = nanos; left > 0; left = end - nanoClock.getAsLong()) {
        LockSupport.parkNanos(this, left);
        if (Thread.currentThread().isInterrupted()) {
          throw lastFailure();
        }
      }
    }

    /** Throws what failed last when too little time is left to begin anything. */
    private void requireTime() {
      if (!deadline.leaves(leastAttempt)) {
        throw failure == null
            ? new DeadlineExceededException(request + ": too little time is left to ask a server")
            : lastFailure();
      }
    }

    private WeirException lastFailure() {
      WeirException last =
          failure == null ? new NotReachableException(request + ": no server was asked") : failure;
      return mayBeApplied
          ? new AmbiguousOutcomeException(
              last.getMessage() + "; an earlier attempt may have been applied", last)
          : last;
    }

    private NotReachableException noOwner(RoutingTable table) {
      Key key = request.key();
      return new NotReachableException(
          request
              + ": no cache server serves its slot "
              + key.slot()
              + "; the cluster is "
              + table.topology().state().name().toLowerCase(Locale.ROOT)
              + " (topology version "
              + table.topology().version()
              + ")");
    }
  }
}
