package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class TcpProxyTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private ServerSocket echo;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 8, LOOPBACK);
    Thread.ofVirtual().start(this::serve);
    proxy = new TcpProxy(LOOPBACK, 0, new InetSocketAddress(LOOPBACK, echo.getLocalPort()));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve() {
    while (true) {
      try {
        Socket socket = echo.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException e) {
                // The client is gone.
              }
            });
      } catch (IOException e) {
        return;
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(LOOPBACK, proxy.port());
    socket.setSoTimeout(120_000);
    return socket;
  }

  private static int ask(Socket socket, int question) throws IOException {
    socket.getOutputStream().write(question);
    return socket.getInputStream().read();
  }

  @Test
  void whatWasHeldUpArrivesOnceTheWayIsFree() throws IOException {
    try (Socket socket = connect()) {
      assertThat(ask(socket, 1)).isEqualTo(1);
      proxy.hold();
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> ask(socket, 2)).isInstanceOf(SocketTimeoutException.class);
      proxy.release();
      socket.setSoTimeout(120_000);
      assertThat(socket.getInputStream().read()).isEqualTo(2);
      assertThat(ask(socket, 3)).isEqualTo(3);
    }
  }

  @Test
  void oneDirectionIsHeldAloneAndOnlyForThoseItConcerns() throws IOException {
    try (Socket socket = connect()) {
      proxy.hold(from -> false, from -> !from.equals(LOOPBACK));
      assertThat(ask(socket, 1)).isEqualTo(1);
      proxy.hold(from -> false, from -> from.equals(LOOPBACK));
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> ask(socket, 2)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void newConnectionsGoToTheNewTargetAndOldOnesStayUntilTheyAreCut() throws IOException {
    InetSocketAddress first = new InetSocketAddress(LOOPBACK, echo.getLocalPort());
    try (ServerSocket other = new ServerSocket(0, 8, LOOPBACK);
        Socket old = connect()) {
      InetSocketAddress second = new InetSocketAddress(LOOPBACK, other.getLocalPort());
      assertThat(ask(old, 1)).isEqualTo(1);
      proxy.lead(second);
      try (Socket young = connect();
          Socket server = other.accept()) {
        server.getOutputStream().write(7);
        assertThat(young.getInputStream().read()).isEqualTo(7);
        assertThat(ask(old, 2)).isEqualTo(2);
        proxy.cut(first);
        assertThat(old.getInputStream().read()).isEqualTo(-1);
        server.getOutputStream().write(8);
        assertThat(young.getInputStream().read()).isEqualTo(8);
      }
    }
  }

  @Test
  void aConnectionThatWasHeldUpGoesWhereTheWayLeadsInTheEnd() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 8, LOOPBACK)) {
      proxy.hold();
      try (Socket socket = connect()) {
        proxy.lead(new InetSocketAddress(LOOPBACK, other.getLocalPort()));
        proxy.release();
        try (Socket server = other.accept()) {
          server.getOutputStream().write(9);
          assertThat(socket.getInputStream().read()).isEqualTo(9);
        }
      }
    }
  }

  @Test
  void anEndOnOneSideIsAnEndOnTheOther() throws IOException {
    try (Socket socket = connect()) {
      assertThat(ask(socket, 1)).isEqualTo(1);
      socket.shutdownOutput();
      socket.setSoTimeout(120_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }
}
