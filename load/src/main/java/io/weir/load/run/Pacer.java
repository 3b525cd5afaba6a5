package io.weir.load.run;

import java.util.List;

/** Decides when the clients of one event loop begin their operations. Confined to that loop. */
interface Pacer {

  /** Lets the clients begin, all of which are at rest. */
  void start(List<LoadClient> clients);

  /**
   * A client's operation has ended.
   *
   * @param pauseNanos how long the client had better leave the servers alone; 0 after a success
   */
  void ended(LoadClient client, long pauseNanos);

  /** Called every few milliseconds. */
  void beat(long now);
}
