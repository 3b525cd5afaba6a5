package io.weir.master.registration;

import io.weir.model.Authority;
import io.weir.model.RegistrationRequest;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Refuses the URL of a server on another machine that leads back to whoever uses it: a host whose
 * own name stands for 127.0.1.1 in its hosts file makes such a one.
 */
final class LoopbackUrls {

  private LoopbackUrls() {}

  /**
   * @param peer the address that the registration comes from
   * @throws InvalidRegistrationException when only the server's own machine reaches its URL, and
   *     that is another than this one
   */
  static void refuse(RegistrationRequest request, String peer) {
    Authority authority = Authority.of(request.advertisedUrl());
    if (authority != null && authority.isLoopback() && !isThisMachine(peer)) {
      throw new InvalidRegistrationException(
          "url is "
              + request.advertisedUrl()
              + ", and comes from "
              + peer
              + ": nobody but that machine itself reaches it. Set weir.advertise.url there, to where"
              + " the others reach it.",
          false);
    }
  }

  private static boolean isThisMachine(String peer) {
    try {
      InetAddress address = InetAddress.ofLiteral(peer);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (IllegalArgumentException | SocketException e) {
      return true; // Nobody can tell: a name in place of the address, by a proxy's header.
    }
  }
}
