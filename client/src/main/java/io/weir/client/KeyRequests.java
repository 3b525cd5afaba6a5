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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
 * <p><b>Where to.</b> To the leader that this client has found, else to the one that the topology
 * names, be it listed as down: what the masters do not hear may well be heard from here. When it
 * does not answer, or does not lead, the shard's other servers are asked, those that are down last:
 * one of them may lead by now, or know who does. The owner that a 421 names is asked next, if the
 * answer carries a higher term or a newer topology than is known; only on the internal network: a
 * cache server knows its peers by no other addresses. The masters are asked only when nobody else
 * is left, since they may hang. Then the call waits, and begins a new round.
 */
final class KeyRequests {

  private static final Duration FIRST_WAIT = Duration.ofMillis(25);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** Most servers asked in a round; no group is as large. */
  private static final int MOST_IN_A_ROUND = 12;

  private final ClientSettings settings;
  private final TopologyWatch watch;
  private final KeyExchanges exchanges;
  private final LongSupplier nanoClock;
  private final Duration leastAttempt;
  private final KnownLeaders leaders = new KnownLeaders();
  private final LeastBusy servers;

  KeyRequests(
      ClientSettings settings,
      TopologyWatch watch,
      KeyExchanges exchanges,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.watch = watch;
    this.exchanges = exchanges;
    this.nanoClock = nanoClock;
    this.servers = new LeastBusy(bound -> ThreadLocalRandom.current().nextInt(bound), nanoClock);
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
    private long hintTerm; // What the answer that named it said; else 0.
    private @Nullable WeirException failure;
    private boolean mayBeApplied;
    private int attempts;

    /** Nobody is asked twice in a round, so that two that point at each other end it. */
    private final Set<ServerAddress> asked = new HashSet<>();

    /** Who has not answered since the call began. */
    private final Set<ServerAddress> silent = new HashSet<>();

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
          asked.clear();
          hintTerm = 0;
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
      RoutingTable.Route route = table.route(request.key().slot());
      if (route == null) {
        failure = noOwner(table);
        doubt();
        return null;
      }
      if (request.consistency() != null && attempts++ == 0 && !route.up().isEmpty()) {
        return servers.choose(route.up());
      }
      ServerAddress server = next(route);
      if (server == null) {
        failure = noOwner(table);
        askAnother();
        server = hint;
      }
      return server;
    }

    /** Returns the deciding answer, or null when the request is to be repeated. */
    private @Nullable Response attempt(ServerAddress server) {
      requireTime();
      asked.add(server);
      Duration timeout =
          request.isRepeatable() ? deadline.atMost(settings.readTimeout()) : deadline.remaining();
      LeastBusy.Busyness busyness = servers.of(server);
      long start = nanoClock.getAsLong();
      busyness.began();
      Response response;
      try {
        response = exchanges.send(server, watch.current(), request, timeout);
        busyness.answered(nanoClock.getAsLong() - start);
      } catch (TransportException e) {
        busyness.failed();
        unanswered(e);
        silent.add(server);
        doesNotLead(server);
        askAnother();
        return null;
      }
      return decide(server, response);
    }

    /** Who else of the shard may know more: its members, and then whom the masters name by now. */
    private void askAnother() {
      if (asked.size() >= MOST_IN_A_ROUND) {
        return;
      }
      hint = unasked();
      if (hint == null) {
        doubt();
        hint = unasked();
      }
      hintTerm = 0;
    }

    private @Nullable ServerAddress unasked() {
      RoutingTable.Route route = route(watch.current());
      return route == null ? null : next(route);
    }

    /** Of those that were not asked in this round; who was silent before comes last. */
    private @Nullable ServerAddress next(RoutingTable.Route route) {
      List<ServerAddress> others = new ArrayList<>(route.up());
      Collections.shuffle(others, ThreadLocalRandom.current());
      Set<ServerAddress> inOrder = new LinkedHashSet<>();
      ServerAddress leader = leaders.of(route);
      if (leader != null) {
        inOrder.add(leader);
      }
      inOrder.addAll(others);
      inOrder.addAll(route.members());
      inOrder.removeAll(asked);
      return inOrder.stream()
          .filter(server -> !silent.contains(server))
          .findFirst()
          .orElse(inOrder.isEmpty() ? null : inOrder.iterator().next());
    }

    private RoutingTable.@Nullable Route route(@Nullable RoutingTable table) {
      return table == null ? null : table.route(request.key().slot());
    }

    private void doesNotLead(ServerAddress server) {
      RoutingTable.Route route = route(watch.current());
      if (route != null) {
        leaders.leadsNot(route, server);
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
        RoutingTable.Route route = route(watch.current());
        if (request.consistency() == null && route != null) {
          leaders.leads(route, server, hintTerm);
        }
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
        doesNotLead(server);
        askAnother();
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
      doesNotLead(from);
      ServerAddress owner = owner(problem);
      if (owner != null && !asked.contains(owner) && asked.size() < MOST_IN_A_ROUND) {
        hint = owner;
        hintTerm = problem.term();
      } else {
        askAnother();
      }
    }

    /** Whom a 421 names, if whoever says so knows more than the topology here; else null. */
    private @Nullable ServerAddress owner(ServerProblem problem) {
      RoutingTable table = watch.current();
      if (table == null || problem.owner() == null || settings.network() != Network.INTERNAL) {
        return null;
      }
      boolean newer =
          problem.term() > table.termOf(request.key().slot())
              || problem.topologyVersion() > table.topology().version();
      return newer ? ServerAddress.of(problem.owner()) : null;
    }

    private void doubt() {
      try {
        watch.doubt(deadline);
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
