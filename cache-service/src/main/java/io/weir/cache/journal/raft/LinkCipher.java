package io.weir.cache.journal.raft;

import java.io.IOException;
import java.net.Socket;

/** What the connections between members are encrypted with, if with anything. */
public interface LinkCipher {

  /** Nothing is encrypted. */
  LinkCipher NONE =
      new LinkCipher() {
        @Override
        public Socket call(Socket plain, String host) {
          return plain;
        }

        @Override
        public Socket answer(Socket plain) {
          return plain;
        }
      };

  /**
   * Encrypts a connection that this member has made. Blocks until the other has shown who it is, at
   * most for the socket's time-out at a time.
   *
   * @param host that was connected to, which the other's certificate must be for
   * @throws IOException when the other is not trusted, or does not trust this member
   */
  Socket call(Socket plain, String host) throws IOException;

  /** The same for a connection that another has made, who must show a certificate too. */
  Socket answer(Socket plain) throws IOException;
}
