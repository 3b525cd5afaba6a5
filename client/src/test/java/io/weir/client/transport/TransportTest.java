package io.weir.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.netty.util.concurrent.DefaultPromise;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportTest {

  private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
  private final Transport transport =
      new Transport("test", 1, Duration.ofMinutes(1), 1 << 20, Access.OPEN);

  TransportTest() throws IOException {
    server.start();
  }

  @AfterEach
  void close() {
    transport.close();
    server.stop(0);
  }

  @Test
  void aConnectionLeavesNothingBehind() throws Exception {
    connectAndClose();
    int listeners = listeners();
    for (int i = 0; i < 200; i++) {
      connectAndClose();
    }
    assertThat(listeners()).isEqualTo(listeners);
  }

  private void connectAndClose() throws Exception {
    CompletableFuture<HttpConnection> opening = new CompletableFuture<>();
    transport.connect(
        ServerAddress.parse("http://127.0.0.1:" + server.getAddress().getPort()),
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

  /** How many wait for the end of the only loop. */
  private int listeners() throws ReflectiveOperationException {
    DefaultPromise<?> end = (DefaultPromise<?>) transport.loops().getFirst().terminationFuture();
    int one = field(end, "listener") == null ? 0 : 1;
    Object several = field(end, "listeners");
    return several == null ? one : one + (int) several(several);
  }

  private static Object several(Object listeners) throws ReflectiveOperationException {
    var size = listeners.getClass().getDeclaredMethod("size");
    size.setAccessible(true);
    return size.invoke(listeners);
  }

  private static @Nullable Object field(DefaultPromise<?> promise, String name)
      throws ReflectiveOperationException {
    Field field = DefaultPromise.class.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(promise);
  }
}
