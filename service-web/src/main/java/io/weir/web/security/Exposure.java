package io.weir.web.security;

import io.weir.web.StartupRefusedException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/**
 * Where a server listens, and what it calls itself if nobody says: without tokens on loopback only,
 * since whoever reaches it may do everything.
 */
public final class Exposure {

  private final boolean loopbackOnly;
  private final ServerProperties server;

  /**
   * @throws StartupRefusedException when the settings want more than loopback without tokens
   */
  Exposure(boolean tokens, ServerProperties server, ManagementAddress management) {
    this.loopbackOnly = !tokens;
    this.server = server;
    if (loopbackOnly) {
      refuseOthers("server.address", server.getAddress());
      if (management.ofItsOwn() && management.address() == null) {
        throw new StartupRefusedException(
            "management.server.port is set, and no tokens are (weir.security.tokens-file): without"
                + " tokens set management.server.address to 127.0.0.1 as well.");
      }
      refuseOthers("management.server.address", management.address());
    }
  }

  /** Where Actuator listens, if not with everything else. */
  record ManagementAddress(boolean ofItsOwn, @Nullable InetAddress address) {}

  private static void refuseOthers(String name, @Nullable InetAddress address) {
    if (address != null && !address.isLoopbackAddress()) {
      throw new StartupRefusedException(
          name
              + " is "
              + address.getHostAddress()
              + ", which other machines reach, and no tokens are set, so that they could do"
              + " everything: set weir.security.tokens-file, or leave the address out to listen on"
              + " loopback.");
    }
  }

  /** Whether only this machine reaches the server. */
  public boolean isLoopbackOnly() {
    return loopbackOnly;
  }

  /** The address to bind a port to that is given none; null for every one. */
  public @Nullable InetAddress listenAddress() {
    InetAddress given = server.getAddress();
    return given == null && loopbackOnly ? InetAddress.getLoopbackAddress() : given;
  }

  /**
   * The URL of this server as far as it can tell.
   *
   * @throws StartupRefusedException when it listens for other machines, and cannot tell by which of
   *     its addresses they reach it
   */
  public URI url(int port) {
    InetAddress listen = listenAddress();
    InetAddress host =
        listen == null || listen.isAnyLocalAddress()
            ? reachable(localHost(), interfaceAddresses())
            : listen;
    String address = host.getHostAddress();
    int zone = address.indexOf('%');
    address = zone < 0 ? address : address.substring(0, zone);
    String scheme = Ssl.isEnabled(server.getSsl()) ? "https" : "http";
    return URI.create(
        scheme + "://" + (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port);
  }

  /**
   * What the host's name stands for; where that is loopback, as the hosts file of many systems has
   * it, the only other address that the host has.
   *
   * @param others all addresses but those of loopback, and those of one link alone
   */
  static InetAddress reachable(InetAddress localHost, List<InetAddress> others) {
    if (!localHost.isLoopbackAddress() || others.isEmpty()) {
      return localHost; // With loopback alone, nobody else is there.
    }
    List<InetAddress> ipv4 = others.stream().filter(Inet4Address.class::isInstance).toList();
    List<InetAddress> candidates = ipv4.isEmpty() ? others : ipv4;
    if (candidates.size() > 1) {
      throw new StartupRefusedException(
          "This host's own name stands for "
              + localHost.getHostAddress()
              + ", where no other machine reaches it, and it has several other addresses, "
              + others.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
              + ": set weir.advertise.url to http://HOST:PORT, by which the others reach it.");
    }
    return candidates.getFirst();
  }

  private static List<InetAddress> interfaceAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static InetAddress localHost() {
    try {
      return InetAddress.getLocalHost();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress();
    }
  }
}
