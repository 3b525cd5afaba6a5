package io.weir.lab.cluster;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/** Looks whether ports are free before anything is started on them. */
final class Ports {

  private Ports() {}

  /** Says in a sentence which process would find its port taken; empty when none would. */
  static Optional<String> firstTaken(List<ProcessSpec> processes) {
    for (ProcessSpec process : processes) {
      for (int port : process.ports()) {
        if (!isFree(port)) {
          return Optional.of(
              "port "
                  + port
                  + ", which "
                  + process.name()
                  + " is to listen on, is taken; stop what listens there, or choose others with"
                  + " --port");
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Makes sure that no process would find its port taken.
   *
   * @throws LabException when one would, with the sentence
   */
  static void requireFree(List<ProcessSpec> processes) {
    firstTaken(processes)
        .ifPresent(taken -> {
          throw new LabException(Reason.USAGE, taken);
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
