package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.model.Authority;
import io.weir.model.NodeId;
import io.weir.web.StartupRefusedException;
import io.weir.web.security.Exposure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of this server and the addresses at which it is reached: as its settings say, and else
 * by the host and the HTTP port.
 *
 * <p><b>Failure.</b> A method whose settings make no name or address refuses the start with a
 * sentence that says which.
 */
final class Addresses {

  private final ServerSettings server;
  private final GroupSettings group;
  private final Exposure exposure;
  private final int port;

  /**
   * @param port that the HTTP server is told to take; 0 for any
   */
  Addresses(ServerSettings server, GroupSettings group, Exposure exposure, int port) {
    this.server = server;
    this.group = group;
    this.exposure = exposure;
    this.port = port;
  }

  NodeId node() {
    String given = server.nodeId();
    try {
      return new NodeId(given != null ? given : hostName() + "-" + port);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(
          "weir.node-id is not set, and host name and port make none: " + e.getMessage(), e);
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostName();
    }
  }

  /** Where clients of its network reach it. */
  URI url() {
    URI url = server.advertise().url();
    if (url == null && port == 0) {
      throw new StartupRefusedException(
          "server.port is 0, any free one, so that nobody could be told it: set a port, or"
              + " weir.advertise.url");
    }
    return url != null ? url : exposure.url(port);
  }

  /** Where clients outside its network reach it; null when that is {@link #url}. */
  @Nullable URI externalUrl() {
    return server.advertise().externalUrl();
  }

  /** Where the other members of its group reach its journal; the incarnation is the first. */
  Member journal() {
    String given = server.advertise().raft();
    Authority own = Objects.requireNonNull(Authority.of(url()));
    String host = given == null ? own.host() : given.split(":", 2)[0];
    int raftPort = given == null ? raftPort() : Integer.parseInt(given.split(":", 2)[1]);
    try {
      return new Member(host, raftPort, 1);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(
          "weir.advertise.raft, or by default the host of weir.advertise.url and weir.raft.port: "
              + e.getMessage()
              + "; where there is IPv6 alone, set weir.advertise.raft to NAME:PORT with a name that"
              + " the other members resolve to the address",
          e);
    }
  }

  /** What the journal's port is bound to. */
  InetSocketAddress journalListen() {
    int raftPort = raftPort();
    if (group.address() != null) {
      return new InetSocketAddress(group.address(), raftPort);
    }
    return exposure.isLoopbackOnly()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), raftPort)
        : new InetSocketAddress(raftPort);
  }

  private int raftPort() {
    try {
      return group.portFor(port);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(String.valueOf(e.getMessage()), e);
    }
  }
}
