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
 * its way arrives when the way is free again, as with a network that has stalled. It can be led to
 * another target: new connections go there, those that are open stay where they are until they are
 * cut.
 *
 * <p><b>Concurrency.</b> A virtual thread for each direction of each connection. A connection looks
 * at the target once more after it can be cut: one that was made on the way to the old target, and
 * that a cut has therefore not met, goes to the new one.
 */
final class TcpProxy implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 << 10;
  private static final int LOOK_MILLIS = 5;

  private final ServerSocket listening;
  private final Set<Way> open = ConcurrentHashMap.newKeySet();
  private volatile InetSocketAddress target;
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

  /** Leads new connections to another target. */
  void lead(InetSocketAddress to) {
    target = to;
  }

  /** Ends the connections to a target. */
  void cut(InetSocketAddress from) {
    open.stream().filter(way -> way.target.equals(from)).forEach(this::end);
  }

  /** A connection on its way. */
  private record Way(Socket client, Socket server, InetSocketAddress target) {}

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
    InetAddress from = client.getInetAddress();
    Way way = way(client);
    try {
      waitWhile(() -> heldThere.test(from));
      while (!way.target.equals(target)) {
        open.remove(way);
        way = way(client);
      }
      Way taken = way;
      client.setTcpNoDelay(true);
      taken.server.setTcpNoDelay(true);
      taken.server.connect(taken.target, 2_000);
      Thread.ofVirtual()
          .name("weir-torture-back")
          .start(() -> pump(taken, taken.server, client, () -> heldBack.test(from)));
      pump(taken, client, taken.server, () -> heldThere.test(from));
    } catch (IOException e) {
      end(way);
    }
  }

  private Way way(Socket client) {
    Way way = new Way(client, new Socket(), target);
    open.add(way);
    return way;
  }

  private interface Held {
    boolean now();
  }

  private void pump(Way way, Socket from, Socket to, Held held) {
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
    end(way);
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

  private void end(Way way) {
    open.remove(way);
    for (Socket socket : new Socket[] {way.client, way.server}) {
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
    open.forEach(this::end);
  }
}
