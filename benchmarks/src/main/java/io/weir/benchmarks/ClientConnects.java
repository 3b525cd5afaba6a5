package io.weir.benchmarks;

import io.weir.client.transport.Access;
import io.weir.client.transport.HttpConnection;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.Transport;
import io.weir.client.transport.TransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What connections leave behind in the client: it connects to a port of its own on loopback and
 * closes again, as often as its argument says, and prints the heap in use, after a collection, ten
 * times on the way, and the slope.
 *
 * <p>Run it from its source over a built client: {@code java -cp client-cli/target/weir-cli.jar
 * ClientConnects.java 100000}.
 */
public final class ClientConnects {

  private static final int STEPS = 10;

  private ClientConnects() {}

  /** Connects, closes and prints. */
  public static void main(String[] args) throws Exception {
    int connects = Integer.parseInt(args[0]);
    try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Transport transport =
            new Transport("connects", 1, Duration.ofSeconds(10), 1 << 20, Access.OPEN)) {
      Thread.ofPlatform().daemon().start(() -> accept(server));
      ServerAddress address = ServerAddress.parse("http://127.0.0.1:" + server.getLocalPort());
      connectAndClose(transport, address, connects / STEPS);
      long before = heap();
      System.out.printf(
          Locale.ROOT, "after %,9d connects: %,12d bytes%n", connects / STEPS, before);
      long last = before;
      for (int step = 2; step <= STEPS; step++) {
        connectAndClose(transport, address, connects / STEPS);
        last = heap();
        System.out.printf(
            Locale.ROOT, "after %,9d connects: %,12d bytes%n", connects / STEPS * step, last);
      }
      System.out.printf(
          Locale.ROOT,
          "slope: %.1f bytes a connect%n",
          (last - before) / (double) (connects / STEPS * (STEPS - 1)));
    }
  }

  /** Ends each connection by a reset, so that none waits for its port to be free again. */
  private static void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.setSoLinger(true, 0);
        var _ = socket.getInputStream().readAllBytes(); // Until the client has closed.
      } catch (IOException e) {
        // It was closed, or the client was faster.
      }
    }
  }

  private static void connectAndClose(Transport transport, ServerAddress address, int times)
      throws Exception {
    for (int i = 0; i < times; i++) {
      CompletableFuture<HttpConnection> opening = new CompletableFuture<>();
      transport.connect(
          address,
          new Transport.ConnectListener() {
            @Override
            public void connected(HttpConnection connection) {
              opening.complete(connection);
            }

            @Override
            public void failed(TransportException cause) {
              opening.completeExceptionally(cause);
            }
          });
      opening.get(1, TimeUnit.MINUTES).close();
    }
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
