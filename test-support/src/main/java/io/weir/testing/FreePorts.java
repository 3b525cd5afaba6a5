package io.weir.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports for a cluster of processes that a test starts. */
public final class FreePorts {

  /** Of a cache server's journal to its HTTP port. */
  private static final int RAFT_PORT_OFFSET = 1_000;

  private FreePorts() {}

  /**
   * The first of so many free ports in a row, below those that clients get: the master's, the cache
   * servers' and the database's. Those of the journals are free too.
   */
  public static int first(int count) {
    // From anywhere on: whoever else looks on this machine at this moment finds others.
    int from = ThreadLocalRandom.current().nextInt(21_400, 29_000);
    return IntStream.iterate(from, port -> port < 30_000, port -> port + 10)
        .filter(port -> areFree(port, count) && areFree(port + RAFT_PORT_OFFSET, count))
        .findFirst()
        .orElseThrow();
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
