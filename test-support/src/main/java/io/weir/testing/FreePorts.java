package io.weir.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports that nobody listens at, below the range that outgoing connections are given, so that they
 * are free again when who listened there restarts. They are sought at random: another build on the
 * same machine finds others.
 */
public final class FreePorts {

  private static final int FIRST = 20_000;
  private static final int END = 32_000;

  /** Of a cache server's journal to its HTTP port. */
  private static final int RAFT_PORT_OFFSET = 1_000;

  /** Of a cache server's fast port to its HTTP port. */
  private static final int FAST_PORT_OFFSET = 2_000;

  private FreePorts() {}

  /** One of them. */
  public static int next() {
    return first(1);
  }

  /**
   * The first of so many in a row: the master's, the cache servers' and the database's. Those of
   * the journals and the fast ports are free too.
   */
  public static int first(int count) {
    int last = END - FAST_PORT_OFFSET - count;
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, last);
      if (areFree(port, count)
          && areFree(port + RAFT_PORT_OFFSET, count)
          && areFree(port + FAST_PORT_OFFSET, count)) {
        return port;
      }
    }
  }

  /** Whether so many ports in a row are free, on all addresses and on loopback. */
  public static boolean areFree(int first, int count) {
    return IntStream.range(first, first + count)
        .allMatch(port ->
            canBind(new InetSocketAddress(port))
                && canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
  }

  private static boolean canBind(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // Else a connection closed just now keeps the port.
      socket.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
