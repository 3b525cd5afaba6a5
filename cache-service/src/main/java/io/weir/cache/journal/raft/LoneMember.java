package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member that is alone although its log names others: it has moved, and the log has it at its old
 * address; or it was rescued, and the log has those that are lost.
 *
 * <p><b>Ordering.</b> It takes its place once the node is open, and before its port is. Nobody has
 * given or been given a vote in this group then, and the term is stepped up.
 *
 * <p><b>Failure.</b> The place is in memory alone, until the first term of the lone leader writes a
 * configuration to the log. So it is taken again at each start until then.
 */
final class LoneMember {

  private static final Logger LOG = LoggerFactory.getLogger(LoneMember.class);

  private final RaftDirectory directory;
  private final PeerId self;
  private final Configurations configurations;

  LoneMember(RaftDirectory directory, PeerId self, Configurations configurations) {
    this.directory = directory;
    this.self = self;
    this.configurations = configurations;
  }

  /** Makes it the node's only peer, if it is to be that. */
  void takePlace(Node node) {
    Members last = configurations.members();
    OptionalLong end = directory.rescuedWith(node.getLastLogIndex());
    if (end.isPresent() && configurations.lastIndex() > end.getAsLong()) {
      // The log says who is in it by now, and others may have been added.
      directory.rescueIsOver();
    } else if (end.isPresent()) {
      LOG.warn(
          "rescued: {} goes on alone with the log of {}, up to entry {}",
          directory.member(),
          last.voters(),
          end.getAsLong());
      takeBack(node, last.voters());
      reset(node, List.of(self));
      return;
    }
    if (last.learners().isEmpty()
        && last.voters().size() == 1
        && directory.wasOnce(last.voters().getFirst())) {
      LOG.info("moved: {} is now {}", last.voters().getFirst(), directory.member());
      reset(node, List.of(self));
    }
  }

  /**
   * Takes a change back that is half done. Where that removes all others, JRaft finds the peers as
   * they are to be, and changes nothing: it would still need the votes of both sides.
   */
  private static void takeBack(Node node, List<Member> voters) {
    if (!voters.isEmpty()) {
      reset(node, voters.stream().map(RaftJournal::peer).toList());
    }
  }

  private static void reset(Node node, List<PeerId> peers) {
    Status status = node.resetPeers(new Configuration(peers.stream().map(PeerId::copy).toList()));
    if (!status.isOk()) {
      throw new IllegalStateException(
          "the journal's members cannot be set to " + peers + ": " + status.getErrorMsg());
    }
  }
}
