package io.weir.master.status;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers every request alike, and remembers them. */
public final class FakeCacheServer implements AutoCloseable {

  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 404;
  private volatile Map<String, String> headers = Map.of();

  private FakeCacheServer(HttpServer server) {
    this.server = server;
  }

  public static FakeCacheServer start() throws IOException {
    FakeCacheServer fake =
        new FakeCacheServer(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    fake.server.createContext(
        "/",
        exchange -> {
          fake.requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          fake.headers.forEach(exchange.getResponseHeaders()::set);
          exchange.sendResponseHeaders(fake.status, -1);
          exchange.close();
        });
    fake.server.start();
    return fake;
  }

  public void answers(int withStatus, Map<String, String> withHeaders) {
    status = withStatus;
    headers = Map.copyOf(withHeaders);
  }

  /** Each as method, raw target and authorisation. */
  List<String> requests() {
    return requests;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
