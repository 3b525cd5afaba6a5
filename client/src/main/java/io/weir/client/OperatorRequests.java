package io.weir.client;

import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import io.weir.client.transport.TransportException.Reason;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends what operators ask to the one server that is meant, once. Safe for any number of threads.
 */
final class OperatorRequests {

  /** What waits for nothing is answered sooner; later, the next master is asked as well. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final Masters masters;
  private final Exchanges exchanges;

  /** A master's answer, or its refusal. */
  private record Decision(byte[] body, @Nullable WeirException refusal) {}

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
    Decision decision =
        Objects.requireNonNull(
            masters.first(
                "no master answers",
                late,
                (master, turn) -> {
                  try {
                    return new Decision(send(master, request, timeout), null);
                  } catch (NotReachableException | DeadlineExceededException e) {
                    throw e;
                  } catch (WeirException e) {
                    return new Decision(new byte[0], e);
                  }
                }));
    if (decision.refusal() != null) {
      throw decision.refusal();
    }
    return decision.body();
  }
}
