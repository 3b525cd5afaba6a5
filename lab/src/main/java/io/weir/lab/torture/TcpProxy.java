package io.weir.lab.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A TCP connection's detour, on which bytes can be held up: connections stay open, and what was on
 * its way arrives when the way is free again, as with a network that has stalled.
 *
 * <p><b>Concurrency.</b> A virtual thread for each direction of each connection.
 */
final class TcpProxy implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 << 10;
  private static final int LOOK_MILLIS = 5;

  private final ServerSocket listening;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Predicate<InetAddress> heldThere = TcpProxy::nobody;
  private volatile Predicate<InetAddress> heldBack = TcpProxy::nobody;
  private volatile boolean closed;

  /**
   * Starts to forward.
   *
   * @param port 0 for any
   */
  TcpProxy(InetAddress address, int port, InetSocketAddress target) {
    this.target = target;
    try {
      listening = new ServerSocket(port, 64, address);
    } catch (IOException e) {
      throw new UncheckedIOException("a proxy cannot listen on port " + port, e);
    }
    Thread.ofVirtual().name("weir-torture-proxy-" + port()).start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Holds up everything. */
  void hold() {
    hold(address -> true, address -> true);
  }

  /**
   * Holds up bytes of those who have connected from certain addresses.
   *
   * @param there those whose bytes do not get there
   * @param back those who get no bytes back
   */
  void hold(Predicate<InetAddress> there, Predicate<InetAddress> back) {
    heldThere = there;
    heldBack = back;
  }

  /** Lets everything go on. */
  void release() {
    hold(TcpProxy::nobody, TcpProxy::nobody);
  }

  private static boolean nobody(InetAddress address) {
    return false;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().name("weir-torture-connect").start(() -> connect(client));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try {
      InetAddress from = client.getInetAddress();
      waitWhile(() -> heldThere.test(from));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target, 2_000);
      Thread.ofVirtual()
          .name("weir-torture-back")
          .start(() -> pump(server, client, () -> heldBack.test(from)));
      pump(client, server, () -> heldThere.test(from));
    } catch (IOException e) {
      end(client, server);
    }
  }

  private interface Held {
    boolean now();
  }

  private void pump(Socket from, Socket to, Held held) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        waitWhile(held);
        out.write(buffer, 0, read);
        out.flush();
      }
      waitWhile(held);
    } catch (IOException e) {
      // One side is gone: so is the other, below.
    }
    end(from, to);
  }

  private void waitWhile(Held held) throws IOException {
    while (held.now()) {
      if (closed) {
        throw new IOException("the proxy is closed");
      }
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private void end(Socket one, Socket other) {
    for (Socket socket : new Socket[] {one, other}) {
      open.remove(socket);
      try {
        socket.close();
      } catch (IOException e) {
        // It was gone before.
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
    } catch (IOException e) {
      // It was closed before.
    }
    open.forEach(socket -> end(socket, socket));
  }
}
