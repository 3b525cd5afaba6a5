package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.web.Bounds;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The journal, and the group of servers that keeps it.
 *
 * @param port where the group's members speak to each other; by default the HTTP port plus 1000
 * @param address of this host that the port is bound to, and that this server speaks to the others
 *     from; by default every one, and loopback where no tokens are set
 * @param directory where the log and its snapshots are; by default {@code journal} in {@code
 *     weir.data-dir}. It is this server's memory of what it has acknowledged: to be kept like a
 *     database, and never to be copied to another server.
 * @param electionTimeout how long without a word from the leader until another is elected; longer
 *     bears slower networks and pauses, shorter fails over sooner
 * @param readLease whether a leader that the group has confirmed just now answers reads by itself.
 *     {@code false} asks the group for every read, which costs a round trip, and holds where a
 *     leader's clock may stand still: in a virtual machine that is paused, say
 * @param members how many servers are to keep the journal, 1 to 5: the leader adds those that
 *     register until there are so many, and removes those that are more. By default as many as the
 *     group has had, which is 1 for a new shard
 * @param forgetAfter how long a member must be gone before the leader removes it from the group
 * @param acceptLossOfGeneration the generation whose journal is lost for good: the group is founded
 *     anew without it, and what it had acknowledged and not written back is given up. To be set to
 *     the generation that the shard is in, on one server, whose directory is empty; it has no
 *     effect on any other generation, and is refused while a recorded member of that one answers.
 * @param formerAddress {@code host:port} of the journal before this server moved to another
 *     address, if it is its shard's only server: it takes its journal along. Its old self must not
 *     run any more, nor a copy of it. It has no effect on a journal that was elsewhere, so it may
 *     stay set.
 * @param ssl encryption between the members
 */
@Validated
@ConfigurationProperties(prefix = "weir.raft", ignoreUnknownFields = false)
public record GroupSettings(
    @Nullable Integer port,
    @Nullable String address,
    @Nullable Path directory,
    @DefaultValue("1s") Duration electionTimeout,
    @DefaultValue("true") boolean readLease,
    @Nullable Integer members,
    @DefaultValue("10m") Duration forgetAfter,
    @Nullable Long acceptLossOfGeneration,
    @Nullable String formerAddress,
    @DefaultValue Ssl ssl) {

  /**
   * Encryption between the members.
   *
   * @param bundle the SSL bundle with this member's certificate and the authority that has signed
   *     all members' certificates; a member with another's is refused. None: nothing is encrypted.
   */
  public record Ssl(@Nullable String bundle) {}

  private static final int OFFSET = 1_000;
  private static final int LAST_PORT = 65_535;
  private static final Duration SHORTEST_ELECTION = Duration.ofMillis(100);
  private static final Duration LONGEST_MEMORY = Duration.ofDays(36_500);
  private static final Duration LONGEST_ELECTION = Duration.ofSeconds(60);

  public GroupSettings {
    if (port != null) {
      Bounds.within("weir.raft.port", port, 1, LAST_PORT);
    }
    if (members != null) {
      Bounds.within("weir.raft.members", members, 1, GroupSize.MOST_MEMBERS);
    }
    Bounds.require(
        electionTimeout.compareTo(SHORTEST_ELECTION) >= 0
            && electionTimeout.compareTo(LONGEST_ELECTION) <= 0,
        "weir.raft.election-timeout",
        electionTimeout,
        "100ms to 60s");
    Bounds.require(
        forgetAfter.compareTo(electionTimeout.multipliedBy(10)) >= 0,
        "weir.raft.forget-after",
        forgetAfter,
        "at least ten times weir.raft.election-timeout, which is "
            + electionTimeout.toMillis()
            + "ms");
    Bounds.require(
        forgetAfter.compareTo(LONGEST_MEMORY) <= 0,
        "weir.raft.forget-after",
        forgetAfter,
        "at most " + LONGEST_MEMORY.toDays() + "d");
    Member _ = at(formerAddress);
  }

  private static @Nullable Member at(@Nullable String formerAddress) {
    try {
      return formerAddress == null ? null : Member.parse(formerAddress + ":1");
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          "weir.raft.former-address is '" + formerAddress + "', it must be of the form host:port");
    }
  }

  /** Where the journal was before this server moved, of whatever incarnation; null if nowhere. */
  @Nullable Member former() {
    return at(formerAddress);
  }

  /**
   * The port, by default from the HTTP port.
   *
   * @throws IllegalArgumentException when there is no such port
   */
  int portFor(int httpPort) {
    if (port != null) {
      return port;
    }
    if (httpPort + OFFSET > LAST_PORT) {
      throw new IllegalArgumentException(
          "server.port is "
              + httpPort
              + ", so that weir.raft.port, "
              + OFFSET
              + " above it by default, must be set");
    }
    return httpPort + OFFSET;
  }
}
