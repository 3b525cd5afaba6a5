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
import io.weir.model.FirstAnswer;
import io.weir.model.Gzip;
import io.weir.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Asks the masters: the one that answered last first, the next when it does not answer, or not
 * soon. Safe for any number of threads.
 */
final class Masters {

  /** After so long without an answer the next master is asked as well. */
  private static final Duration LATE = Duration.ofMillis(500);

  private final List<ServerAddress> masters;
  private final Network network;
  private final Exchanges exchanges;
  private final int maxBytes;
  private final AtomicInteger preferred;

  /** Asks one master; throws when another may be asked instead. */
  @FunctionalInterface
  interface Question<T> {
    @Nullable T ask(ServerAddress master, int turn) throws TransportException;
  }

  /**
   * @param maxBytes most bytes of a topology
   * @param first the index of the master to begin with
   */
  Masters(
      List<ServerAddress> masters, Network network, Exchanges exchanges, int maxBytes, int first) {
    this.masters = masters;
    this.network = network;
    this.exchanges = exchanges;
    this.maxBytes = maxBytes;
    this.preferred = new AtomicInteger(first);
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
   * @param wait when positive, how long the first master may hold the answer back until there is
   *     another version than {@code known}; the others answer at once
   * @param timeout for each master, on top of {@code wait}
   * @return null when {@code known} is still the version
   * @throws NotReachableException when no master gave a topology; says of each why not
   */
  @Nullable RoutingTable fetch(long known, Duration wait, Duration timeout) {
    return first(
        "no master gave the topology",
        wait.plus(timeout.compareTo(LATE) < 0 ? timeout : LATE),
        (master, turn) -> fetchFrom(master, known, turn == 0 ? wait : Duration.ZERO, timeout));
  }

  /**
   * Returns the first answer, be it null.
   *
   * @param failed what the message of the failure begins with
   * @param late after how long the next is asked as well
   * @throws NotReachableException when no master has one; says of each why not
   */
  <T> @Nullable T first(String failed, Duration late, Question<T> question) {
    int first = preferred.get();
    List<Callable<@Nullable T>> attempts = new ArrayList<>();
    for (int i = 0; i < masters.size(); i++) {
      int turn = i;
      ServerAddress master = masters.get((first + i) % masters.size());
      attempts.add(() -> question.ask(master, turn));
    }
    try {
      FirstAnswer<T> answer = FirstAnswer.of(attempts, late);
      preferred.set((first + answer.index()) % masters.size());
      return answer.value();
    } catch (FirstAnswer.NoneException none) {
      throw new NotReachableException(
          none.failures().stream()
              .map(failure -> String.valueOf(failure.getMessage()))
              .collect(Collectors.joining("; ", failed + ": ", "")),
          none);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotReachableException(failed + ": interrupted", e);
    }
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
      byte[] body =
          "gzip".equals(response.headers().get(HttpHeaderNames.CONTENT_ENCODING))
              ? Gzip.unpack(response.body(), maxBytes)
              : response.body();
      return new RoutingTable(Json.MAPPER.readValue(body, Topology.class));
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
    request.headers().set(HttpHeaderNames.ACCEPT_ENCODING, "gzip");
    if (known > 0) {
      request.headers().set(HttpHeaderNames.IF_NONE_MATCH, "\"" + known + "\"");
    }
    return request;
  }
}
