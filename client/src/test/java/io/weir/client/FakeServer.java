package io.weir.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.client.transport.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server on a port of its own that answers as it was told, and remembers what it was asked.
 */
final class FakeServer implements AutoCloseable {

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** What it does with a request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();

  /** The ports from which requests came. */
  final Set<Integer> callers = ConcurrentHashMap.newKeySet();

  private final ConcurrentLinkedDeque<Answer> script = new ConcurrentLinkedDeque<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private FakeServer(int port, Answer... answers) throws IOException {
    script.addAll(List.of(answers));
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  static FakeServer start() {
    return startOn(0);
  }

  /** Starts one that knows its answers before the first request can come. */
  static FakeServer startOn(int port, Answer... answers) {
    try {
      return new FakeServer(port, answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces what it does: the first request gets the first answer, the last answer stays. */
  FakeServer answers(Answer... answers) {
    script.clear();
    script.addAll(List.of(answers));
    return this;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  URI uri() {
    return URI.create(url());
  }

  ServerAddress address() {
    return ServerAddress.parse(url());
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    headers.add(exchange.getRequestHeaders());
    callers.add(exchange.getRemoteAddress().getPort());
    Answer answer = script.size() > 1 ? script.poll() : script.peek();
    try (exchange) {
      if (answer == null) {
        throw new IOException("not told what to answer");
      }
      answer.to(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers 200 with a value of version 7, from memory. */
  static Answer value(String text) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.getResponseHeaders().set("ETag", "\"7\"");
      exchange.getResponseHeaders().set("Cache-Status", "weir; hit");
      send(exchange, 200, text);
    };
  }

  /** Answers 204 as to a write. */
  static Answer written(long version) {
    return exchange -> {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("ETag", "\"" + version + "\"");
      exchange.getResponseHeaders().set("Weir-Durability", "memory");
      exchange.sendResponseHeaders(204, -1);
    };
  }

  /** Answers with a problem of Weir's; {@code more} are further members, each with its comma. */
  static Answer problem(int status, String name, String more) {
    return exchange -> {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
      send(
          exchange,
          status,
          "{\"type\":\"urn:weir:problem:%s\",\"title\":\"T\",\"status\":%d,\"detail\":\"because\"%s}"
              .formatted(name, status, more));
    };
  }

  static Answer movedTo(FakeServer owner, long term, long topologyVersion) {
    return problem(
        421,
        "not-owner",
        ",\"owner\":\"%s\",\"term\":%d,\"topologyVersion\":%d"
            .formatted(owner.url(), term, topologyVersion));
  }

  static Answer plain(int status, String text) {
    return exchange -> send(exchange, status, text);
  }

  /** Closes the connection once it has read the request. */
  static Answer drop() {
    return exchange -> exchange.getRequestBody().readAllBytes();
  }

  /** Does not answer as long as the server is there. */
  Answer hang() {
    return exchange -> stopping.await();
  }

  static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    stopping.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
