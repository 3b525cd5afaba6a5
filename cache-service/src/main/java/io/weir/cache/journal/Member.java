package io.weir.cache.journal;

/**
 * One server's place in the group that keeps a shard's journal, as a voter or as a learner.
 *
 * @param host the name or address that the other members reach it at
 * @param port of its journal
 * @param incarnation drawn anew with every empty disk, so that a server that lost its log is never
 *     taken for the voter that wrote it; larger than 0
 */
public record Member(String host, int port, int incarnation) {

  /** Rejects what {@link #parse} could not read back. */
  public Member {
    if (host.isBlank() || host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "the host of a journal's member is a name or an IPv4 address, got '" + host + "'");
    }
    if (port < 1 || port > 65_535 || incarnation < 1) {
      throw new IllegalArgumentException(
          "a journal's member has a port of 1 to 65535 and an incarnation of at least 1, got "
              + port
              + " and "
              + incarnation);
    }
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException when the text is no member
   */
  public static Member parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "a journal's member is host:port:incarnation, got '" + text + "'");
    }
    try {
      return new Member(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a journal's member is host:port:incarnation, got '" + text + "'", e);
    }
  }

  /** Tells whether both are the same server, of whatever incarnation. */
  public boolean isSameServerAs(Member other) {
    return host.equals(other.host) && port == other.port;
  }

  /** {@code host:port:incarnation}. */
  @Override
  public String toString() {
    return host + ":" + port + ":" + incarnation;
  }
}
