package io.weir.load.run;

import io.netty.buffer.ByteBuf;
import io.weir.client.CacheStatus;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;

/**
 * A client's connection to a server, in one of the protocols that servers speak. It has one request
 * in flight at most. Confined to its event loop.
 */
interface Wire {

  /** Whether the next request may go by it. */
  boolean isOpen();

  /**
   * Asks for the value of a key.
   *
   * @param fromAny whether any server of the shard may answer
   */
  void get(int key, boolean fromAny);

  /**
   * Writes a value.
   *
   * @param value begins with it
   */
  void put(int key, byte[] value, int size);

  void delete(int key);

  /** Closes the connection; the request in flight ends with this cause. */
  void abort(TransportException cause);

  void close();

  /** Opens the wires of one event loop. */
  interface Opener {

    /**
     * Opens one.
     *
     * @param server by its HTTP address
     */
    void open(ServerAddress server, Listener listener);
  }

  /** What waits for a wire, and then for the answers that come by it. Called on the event loop. */
  interface Listener {

    void opened(Wire wire);

    void unopened(ErrorKind kind);

    /**
     * The server has done what it was asked.
     *
     * @param absent whether there was no entry
     * @param body the value that was read; valid only during the call
     */
    void done(boolean absent, CacheStatus status, ByteBuf body);

    /**
     * The server has answered that it has not done it.
     *
     * @param mayBeApplied whether it may have, all the same
     * @param askedToWaitNanos how long the server asks not to be asked again
     */
    void refused(ErrorKind kind, boolean mayBeApplied, long askedToWaitNanos);

    /** The server has refused the token, and there is another by now. */
    void tokenRefused();

    /** There is no answer, and the wire is closed. */
    void unanswered(ErrorKind kind, boolean mayHaveArrived);
  }
}
