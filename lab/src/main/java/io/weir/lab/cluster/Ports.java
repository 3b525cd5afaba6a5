package io.weir.lab.cluster;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks whether ports are free before anything is started on them. */
final class Ports {

  private Ports() {}

  /** Says in a sentence which ports are taken, all of them; empty when none is. */
  static Optional<String> taken(List<Listener> listeners) {
    List<Listener> taken = listeners.stream().filter(listener -> !isFree(listener.port())).toList();
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        taken.stream()
            .map(listener -> "port " + listener.port() + " (of " + listener.who() + ")")
            .collect(
                Collectors.joining(
                    ", ",
                    "taken: ",
                    "; stop what listens there, or choose other ports with --port")));
  }

  /**
   * Makes sure that all of them are free.
   *
   * @throws LabException when some are not, with the sentence
   */
  static void requireFree(List<Listener> listeners) {
    taken(listeners)
        .ifPresent(sentence -> {
          throw new LabException(Reason.USAGE, sentence);
        });
  }

  /** Tells whether a port is free, on all addresses and on the demo's own. */
  static boolean isFree(int port) {
    return canBind(new InetSocketAddress(port))
        && canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
