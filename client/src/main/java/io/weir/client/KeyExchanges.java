package io.weir.client;

import io.weir.client.transport.ConnectionPool;
import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests on keys to a server by its fast port, and by its HTTP port where that one does not
 * answer and has certainly done nothing. Safe for any number of threads.
 */
final class KeyExchanges {

  private final Exchanges exchanges;
  private final Doors doors;
  private final Duration connectTimeout;
  private final LongSupplier nanoClock;

  /**
   * @param connectTimeout who has waited for so long is not made to wait by another port of the
   *     same server: it may be the server that is away
   */
  KeyExchanges(Exchanges exchanges, Doors doors, Duration connectTimeout, LongSupplier nanoClock) {
    this.exchanges = exchanges;
    this.doors = doors;
    this.connectTimeout = connectTimeout;
    this.nanoClock = nanoClock;
  }

  /**
   * Returns the answer of a server.
   *
   * @param table that lists the server's fast port
   * @param timeout for all of it
   */
  Response send(
      ServerAddress server, @Nullable RoutingTable table, KeyRequest request, Duration timeout)
      throws TransportException {
    ServerAddress fast = doors.fastOf(server, table);
    Duration left = timeout;
    if (fast != null && doors.isOpen(fast)) {
      long start = nanoClock.getAsLong();
      try {
        Response response = exchanges.send(fast, () -> request.to(fast), timeout);
        doors.answered(fast);
        return response;
      } catch (TransportException e) {
        Duration taken = Duration.ofNanos(nanoClock.getAsLong() - start);
        left = timeout.minus(taken);
        boolean mayBeDone = e.mayHaveArrived() && request.isWrite();
        if (!doors.failed(fast, e)
            || mayBeDone
            || taken.compareTo(connectTimeout) >= 0
            || left.compareTo(ConnectionPool.leastTime(timeout)) < 0) {
          throw e;
        }
      }
    }
    Response response = exchanges.send(server, () -> request.to(server), left);
    if (fast != null) {
      doors.answeredInstead(fast);
    }
    return response;
  }
}
