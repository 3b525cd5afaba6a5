package io.weir.cache.server;

import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.Member;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/raft}: this server's view of the group that keeps its shard's journal, and the
 * way to move the leadership.
 */
@Endpoint(id = "raft")
final class RaftEndpoint {

  private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(10);
  private static final int CONFLICT = 409;

  private final ShardServer server;

  RaftEndpoint(ShardServer server) {
    this.server = server;
  }

  /**
   * The group as this server knows it.
   *
   * @param role {@code leader}, {@code follower}, {@code broken}, or {@code none} before it has its
   *     place
   * @param term of the shard, over all generations
   * @param leader {@code host:port:incarnation}; null while none is known
   * @param members whose majority makes a write durable
   * @param alive at the leader, those that answered it of late
   * @param committedIndex last entry of the log known to be durable
   * @param appliedIndex last entry that is applied here
   */
  record View(
      String role,
      long generation,
      long term,
      @Nullable String leader,
      String self,
      List<String> members,
      List<String> alive,
      long committedIndex,
      long appliedIndex,
      long queuedBytes) {}

  @ReadOperation
  View view() {
    ShardGroup group = server.group();
    if (group == null) {
      return new View("none", 0, 0, null, "", List.of(), List.of(), 0, 0, 0);
    }
    JournalStatus status = group.journal().status();
    Member leader = status.leader();
    return new View(
        status.role().name().toLowerCase(Locale.ROOT),
        group.generation(),
        group.term(),
        leader == null ? null : leader.toString(),
        group.member().toString(),
        texts(status.members().voters()),
        texts(status.alive()),
        status.committedIndex(),
        status.appliedIndex(),
        status.queuedBytes());
  }

  /**
   * Hands the leadership to another member that answers.
   *
   * @param transfer true
   * @return 204, or 409 with a sentence when this server does not lead, or leads on
   */
  @WriteOperation
  WebEndpointResponse<Object> transfer(boolean transfer) {
    ShardGroup group = server.group();
    if (!transfer || group == null || group.claim() == null) {
      return conflict("this server does not lead its shard");
    }
    return group.handOver(TRANSFER_TIMEOUT)
        ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)
        : conflict("no other member took the leadership over; this server leads on");
  }

  private static WebEndpointResponse<Object> conflict(String message) {
    return new WebEndpointResponse<>(Map.of("detail", message), CONFLICT);
  }

  private static List<String> texts(List<Member> members) {
    return members.stream().map(Member::toString).toList();
  }
}
