package io.weir.cache.journal.raft;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How one member keeps its shard's journal.
 *
 * @param group the name that all members share and no other group has: shard and generation, see
 *     {@link #groupOf}
 * @param directory of this member's log, votes and snapshots; nothing else writes there
 * @param listen where the port of the group is bound, and whence this member speaks to the others
 * @param secret shared by the members, at least 16 bytes of UTF-8; whoever holds it is let in
 * @param electionTimeout without a word from the leader after which another is elected; raise it
 *     for a slow network or long pauses, lower it to fail over sooner
 * @param maxEntryBytes mutations batched into one entry of the log; a larger one stands alone
 * @param maxEntriesInFlight entries proposed and not applied; more callers share each of the few
 * @param maxQueuedBytes of writes that wait for their entry; a write beyond it is refused
 * @param snapshotAfterBytes of applied mutations after which a snapshot replaces the log; or as
 *     many as the last snapshot had, if that is more
 * @param cipher what the members' connections are encrypted with
 */
public record RaftSettings(
    String group,
    Path directory,
    InetSocketAddress listen,
    String secret,
    Duration electionTimeout,
    int maxEntryBytes,
    int maxEntriesInFlight,
    long maxQueuedBytes,
    long snapshotAfterBytes,
    LinkCipher cipher) {

  private static final int SHORTEST_SECRET = 16;

  /** Rejects what no group could run with. */
  public RaftSettings {
    if (!group.matches("[a-zA-Z][a-zA-Z0-9_-]*")) {
      throw new IllegalArgumentException(
          "a group's name is a letter, then letters, digits, '-' and '_', got '" + group + "'");
    }
    if (secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "the secret of a group has at least " + SHORTEST_SECRET + " bytes");
    }
    if (electionTimeout.toMillis() < 100 || electionTimeout.toMillis() > 60_000) {
      throw new IllegalArgumentException(
          "an election timeout is 100 ms to 60 s, got " + electionTimeout.toMillis() + " ms");
    }
    if (maxEntryBytes < 1 || maxEntriesInFlight < 1 || maxEntriesInFlight > 64) {
      throw new IllegalArgumentException(
          "an entry takes at least 1 byte and 1 to 64 are in flight, got "
              + maxEntryBytes
              + " and "
              + maxEntriesInFlight);
    }
    if (maxQueuedBytes < 1 || snapshotAfterBytes < 1) {
      throw new IllegalArgumentException(
          "the queue and the log before a snapshot have at least 1 byte, got "
              + maxQueuedBytes
              + " and "
              + snapshotAfterBytes);
    }
  }

  /** Settings with the defaults. */
  public static RaftSettings of(
      String group, Path directory, InetSocketAddress listen, String secret) {
    return new RaftSettings(
        group,
        directory,
        listen,
        secret,
        Duration.ofSeconds(1),
        256 << 10,
        2,
        64L << 20,
        64L << 20,
        LinkCipher.NONE);
  }

  /** The same with another election timeout. */
  public RaftSettings withElectionTimeout(Duration timeout) {
    return new RaftSettings(
        group,
        directory,
        listen,
        secret,
        timeout,
        maxEntryBytes,
        maxEntriesInFlight,
        maxQueuedBytes,
        snapshotAfterBytes,
        cipher);
  }

  /** The same with encrypted connections. */
  public RaftSettings withCipher(LinkCipher other) {
    return new RaftSettings(
        group,
        directory,
        listen,
        secret,
        electionTimeout,
        maxEntryBytes,
        maxEntriesInFlight,
        maxQueuedBytes,
        snapshotAfterBytes,
        other);
  }

  /** Returns the name of the group that keeps a generation of a shard. */
  public static String groupOf(String shard, long generation) {
    return "weir-" + shard + "-g" + generation;
  }

  /** The generation of a shard that a group keeps; empty for another shard's group. */
  public static OptionalLong generationOf(String group, String shard) {
    String prefix = groupOf(shard, 0);
    prefix = prefix.substring(0, prefix.length() - 1);
    String number = group.startsWith(prefix) ? group.substring(prefix.length()) : "";
    return number.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(number))
        : OptionalLong.empty();
  }

  int electionTimeoutMillis() {
    return (int) electionTimeout.toMillis();
  }

  /** Four fifths of the election timeout: the margin covers clocks that differ by a quarter. */
  Duration lease() {
    return electionTimeout.multipliedBy(4).dividedBy(5);
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "RaftSettings[" + group + ", " + directory + ", " + listen + "]";
  }
}
