package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReadLease;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a leader asks of its group: other members, or another leader. The lease is confirmed anew
 * around each change, by the members of then.
 *
 * <p><b>Failure.</b> JRaft throws where it finds a change to be none; here that is a refusal like
 * any other.
 */
final class GroupChanges {

  private final Supplier<Node> node;
  private final Configurations configurations;
  private final ReadLease lease;

  /**
   * @param node the started one; throws where there is none
   */
  GroupChanges(Supplier<Node> node, Configurations configurations, ReadLease lease) {
    this.node = node;
    this.configurations = configurations;
    this.lease = lease;
  }

  CompletableFuture<@Nullable Void> addMember(Member member) {
    return changed(done -> node.get().addPeer(RaftJournal.peer(member), done));
  }

  CompletableFuture<@Nullable Void> addLearner(Member member) {
    return changed(done -> node.get().addLearners(List.of(RaftJournal.peer(member)), done));
  }

  CompletableFuture<@Nullable Void> removeMember(Member member) {
    return configurations.members().learners().contains(member)
        ? changed(done -> node.get().removeLearners(List.of(RaftJournal.peer(member)), done))
        : changed(done -> node.get().removePeer(RaftJournal.peer(member), done));
  }

  private CompletableFuture<@Nullable Void> changed(Consumer<Closure> change) {
    lease.reset();
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    try {
      change.accept(status -> {
        lease.reset();
        if (status.isOk()) {
          done.complete(null);
        } else {
          done.completeExceptionally(new JournalException.Refused(status.getErrorMsg()));
        }
      });
    } catch (RuntimeException e) {
      done.completeExceptionally(new JournalException.Refused(String.valueOf(e.getMessage())));
    }
    return done;
  }

  /**
   * The lease is barred as the successor is told, see {@link RaftClient}; a refusal ends it not.
   */
  CompletableFuture<@Nullable Void> transferLeadership(Member successor) {
    lease.reset();
    Status status = node.get().transferLeadershipTo(RaftJournal.peer(successor));
    return status.isOk()
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new JournalException.Refused(status.getErrorMsg()));
  }
}
