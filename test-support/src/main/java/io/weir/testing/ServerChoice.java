package io.weir.testing;

import java.util.ArrayList;
import java.util.List;

/** One way to come by a server. */
interface ServerChoice {

  /** What it takes, for the sentence that names the choices. */
  String requirement();

  /**
   * Gives a server that answers.
   *
   * @throws NotHereException when this machine does not offer the choice; the next one is tried
   */
  DatabaseServer start() throws NotHereException;

  /** Every choice, the preferred one first. */
  static List<ServerChoice> inOrder() {
    return List.of(
        new GivenServer(GivenServer.setting()),
        new ContainerServer(),
        new InstalledServer(InstalledServer.searchPath()),
        new EmbeddedMariaDb());
  }

  /**
   * Starts the first server that this machine offers.
   *
   * @throws IllegalStateException when it offers none; the message names the choices
   */
  static DatabaseServer startFirst(List<ServerChoice> choices) {
    List<String> sought = new ArrayList<>();
    List<NotHereException> reasons = new ArrayList<>();
    for (ServerChoice choice : choices) {
      try {
        return choice.start();
      } catch (NotHereException e) {
        sought.add(choice.requirement() + " (" + e.getMessage() + ")");
        reasons.add(e);
      }
    }
    IllegalStateException none =
        new IllegalStateException(
            "Integration tests need a real database, one of: " + String.join("; ", sought) + ".");
    reasons.forEach(none::addSuppressed);
    throw none;
  }

  /** The choice is not to be had on this machine. */
  final class NotHereException extends Exception {

    private static final long serialVersionUID = 1;

    NotHereException(String message) {
      super(message);
    }

    NotHereException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
