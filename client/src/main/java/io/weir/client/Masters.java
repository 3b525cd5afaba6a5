package io.weir.client;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import io.weir.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Asks the masters for the topology: the one that answered last first, the others in turn when it
 * does not. Safe for any number of threads.
 */
final class Masters {

  private final List<ServerAddress> masters;
  private final Network network;
  private final Exchanges exchanges;
  private final AtomicInteger preferred = new AtomicInteger();

  Masters(List<ServerAddress> masters, Network network, Exchanges exchanges) {
    this.masters = masters;
    this.network = network;
    this.exchanges = exchanges;
  }

  int count() {
    return masters.size();
  }

  /** Starts with another master next time. */
  void rotate() {
    preferred.updateAndGet(index -> (index + 1) % masters.size());
  }

  /**
   * Fetches the topology.
   *
   * @param known when positive, the version that is not to be sent again
   * @param wait when positive, how long a master may hold the answer back until there is another
   *     version than {@code known}
   * @param timeout for each master, on top of {@code wait}
   * @return null when {@code known} is still the version
   * @throws NotReachableException when no master gave a topology; says of each why not
   */
  @Nullable RoutingTable fetch(long known, Duration wait, Duration timeout) {
    List<String> reasons = new ArrayList<>();
    int first = preferred.get();
    for (int i = 0; i < masters.size(); i++) {
      int index = (first + i) % masters.size();
      try {
        RoutingTable table = fetchFrom(masters.get(index), known, wait, timeout);
        preferred.set(index);
        return table;
      } catch (TransportException e) {
        reasons.add(String.valueOf(e.getMessage()));
        if (e.reason() == TransportException.Reason.CANCELLED) {
          break;
        }
      } catch (UnexpectedAnswerException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw new NotReachableException("no master gave the topology: " + String.join("; ", reasons));
  }

  private @Nullable RoutingTable fetchFrom(
      ServerAddress master, long known, Duration wait, Duration timeout) throws TransportException {
    Response response =
        exchanges.send(master, () -> request(master, known, wait), timeout.plus(wait));
    if (response.status() == 304 && known > 0) {
      return null;
    }
    if (response.status() != 200) {
      throw new UnexpectedAnswerException(master + " answered " + ServerProblem.of(response));
    }
    try {
      return new RoutingTable(Json.MAPPER.readValue(response.body(), Topology.class));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UnexpectedAnswerException(
          master + " answered what is no topology: " + e.getMessage(), e);
    }
  }

  private FullHttpRequest request(ServerAddress master, long known, Duration wait) {
    List<String> query = new ArrayList<>();
    if (network == Network.EXTERNAL) {
      query.add("network=" + network);
    }
    if (wait.isPositive()) {
      query.add("wait=" + wait.toMillis() + "ms");
    }
    String path =
        master.prefix() + "/caches" + (query.isEmpty() ? "" : "?" + String.join("&", query));
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST, master.authority());
    request.headers().set(HttpHeaderNames.ACCEPT, "application/json");
    if (known > 0) {
      request.headers().set(HttpHeaderNames.IF_NONE_MATCH, "\"" + known + "\"");
    }
    return request;
  }
}
