package io.weir.master.registration;

import io.weir.model.Authority;
import io.weir.model.RegistrationRequest;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;

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
    refuse("url", "weir.advertise.url", request.advertisedUrl(), peer);
    if (request.fastUrl() != null) {
      refuse("fastUrl", "weir.advertise.fast-url", request.fastUrl(), peer);
    }
  }

  private static void refuse(String name, String setting, URI url, String peer) {
    Authority authority = Authority.of(url);
    if (authority != null && authority.isLoopback() && !isThisMachine(peer)) {
      throw new InvalidRegistrationException(
          name
              + " is "
              + url
              + ", and comes from "
              + peer
              + ": nobody but that machine itself reaches it. Set "
              + setting
              + " there, to where"
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
