package io.weir.client;

import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import io.weir.client.transport.TransportException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends what operators ask to the one server that is meant, once. Safe for any number of threads.
 */
final class OperatorRequests {

  private final List<ServerAddress> masters;
  private final Exchanges exchanges;

  OperatorRequests(List<ServerAddress> masters, Exchanges exchanges) {
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

  /** Asks the masters in turn, until one answers. */
  byte[] sendToAMaster(OperatorRequest request, Duration timeout) {
    List<String> reasons = new ArrayList<>();
    for (ServerAddress master : masters) {
      try {
        return send(master, request, timeout);
      } catch (NotReachableException | DeadlineExceededException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw new NotReachableException("no master answers: " + String.join("; ", reasons));
  }
}
