package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The group's members by the last configuration in this member's log or snapshot, which is the one
 * that Raft goes by. JRaft itself tells of changes alone, and leaves the learners out.
 */
final class Configurations {

  private static final Comparator<Member> BY_NAME = Comparator.comparing(Member::toString);

  private final Consumer<Members> changed;
  private long lastIndex = -1;
  private volatile Members members = Members.NONE;

  /**
   * @param changed told of each change, in the thread that notices it
   */
  Configurations(Consumer<Members> changed) {
    this.changed = changed;
  }

  Members members() {
    return members;
  }

  /** Where the last configuration stands in the log; -1 for none. */
  synchronized long lastIndex() {
    return lastIndex;
  }

  /** Takes a configuration that stands at an index of the log, unless a later one is known. */
  synchronized void seen(
      long index, Collection<PeerId> voters, @Nullable Collection<PeerId> learners) {
    if (index < lastIndex || voters.isEmpty()) {
      return;
    }
    lastIndex = index;
    Members next = new Members(members(voters), learners == null ? List.of() : members(learners));
    if (!next.equals(members)) {
      members = next;
      changed.accept(next);
    }
  }

  /** Forgets how far it has looked: the end of the log is gone. Who remains is written anew. */
  synchronized void truncated(long lastIndexKept) {
    lastIndex = Math.min(lastIndex, lastIndexKept);
  }

  static Member member(PeerId peer) {
    return new Member(peer.getIp(), peer.getPort(), peer.getIdx());
  }

  static List<Member> members(Collection<PeerId> peers) {
    return peers.stream().map(Configurations::member).sorted(BY_NAME).toList();
  }
}
