package io.weir.cache.journal.raft;

import io.weir.cache.journal.Member;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks at a journal's port who is there. For a server that is no member of the group: it introduces
 * itself, listens to who answers, and leaves.
 */
public final class MemberProbe {

  private static final int CONNECT_MILLIS = 1_000;
  private static final int ANSWER_MILLIS = 3_000;

  private final InetAddress from;
  private final LinkCipher cipher;

  /**
   * @param from the address to speak from; a wildcard leaves the choice to the system
   */
  public MemberProbe(InetAddress from, LinkCipher cipher) {
    this.from = from;
    this.cipher = cipher;
  }

  /**
   * Whether a member runs. Another incarnation at its address does not count, nor another group's
   * member. What takes the connection and does not say who it is counts: it may be a member that
   * stands still.
   *
   * @param asking the address of the server that asks
   * @param secret of the group; null when it is not known: then whoever takes the connection counts
   */
  public boolean answers(Member member, String group, Member asking, @Nullable String secret) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(new InetSocketAddress(member.host(), member.port()), CONNECT_MILLIS);
      return secret == null || isThere(socket, member, new Handshake(group, asking, secret));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isThere(Socket socket, Member member, Handshake handshake) {
    try {
      socket.setSoTimeout(ANSWER_MILLIS);
      Socket spoken = cipher.call(socket, member.host());
      DataInputStream in = new DataInputStream(spoken.getInputStream());
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(spoken.getOutputStream()));
      return handshake.call(in, out).equals(member);
    } catch (SocketTimeoutException | SSLException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
