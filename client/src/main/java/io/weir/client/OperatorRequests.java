package io.weir.client;

import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import io.weir.client.transport.TransportException.Reason;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Sends what operators ask to the one server that is meant, once. Safe for any number of threads.
 */
final class OperatorRequests {

  /** What waits for nothing is answered sooner; later, the next master is asked as well. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final Masters masters;
  private final Exchanges exchanges;

  OperatorRequests(Masters masters, Exchanges exchanges) {
    this.masters = masters;
    this.exchanges = exchanges;
  }

  byte[] send(ServerAddress server, OperatorRequest request, Duration timeout) {
    Response response;
    try {
      response = exchanges.send(server, () -> request.to(server), timeout);
    } catch (TransportException e) {
      String message = request + ": " + e.getMessage();
      if (e.mayHaveArrived() && request.changesSomething()) {
        throw new AmbiguousOutcomeException(message + "; it may have been done", e);
      }
      if (e.reason() == Reason.MALFORMED) {
        throw new UnexpectedAnswerException(message, e);
      }
      throw e.reason() == Reason.TIMEOUT || e.reason() == Reason.POOL_EXHAUSTED
          ? new DeadlineExceededException(message, e)
          : new NotReachableException(message, e);
    }
    if (response.status() < 200 || response.status() > 299) {
      ServerProblem problem = ServerProblem.of(response);
      throw new RejectedException(request + ": " + server + " answered " + problem, problem);
    }
    return response.body();
  }

  /** Asks the masters in turn, until one answers; what changes something, one at a time. */
  byte[] sendToAMaster(OperatorRequest request, Duration timeout) {
    Duration late = request.changesSomething() || timeout.compareTo(LATE) < 0 ? timeout : LATE;
    Supplier<byte[]> decision =
        masters.first(
            "no master answers", late, (master, turn) -> decision(master, request, timeout));
    return Objects.requireNonNull(decision).get();
  }

  /** A master's answer, or its refusal: the others would decide alike. */
  private Supplier<byte[]> decision(
      ServerAddress master, OperatorRequest request, Duration timeout) {
    try {
      byte[] body = send(master, request, timeout);
      return () -> body;
    } catch (NotReachableException | DeadlineExceededException e) {
      throw e;
    } catch (WeirException e) {
      return () -> {
        throw e;
      };
    }
  }
}
