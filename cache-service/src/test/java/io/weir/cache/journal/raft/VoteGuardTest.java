package io.weir.cache.journal.raft;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.google.protobuf.Message;
import io.weir.cache.journal.ReadLease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VoteGuardTest {

  private static final long TIMEOUT = 1_000;

  private long now = 10_000;
  private final ReadLease lease = new ReadLease(Duration.ofNanos(800), () -> now, () -> 0);
  private final VoteGuard guard =
      new VoteGuard(new PeerId("127.0.0.1", 1, 1), TIMEOUT, lease, () -> now);

  @Test
  void aMemberThatHasJustStartedDoesNotVote() {
    assertThat(granted(false)).isFalse();
    now += TIMEOUT;
    assertThat(granted(false)).isTrue();
  }

  @Test
  void whoHasConfirmedALeaderDoesNotVoteForOneElectionTimeout() {
    now += 5 * TIMEOUT;
    heartbeat(true);
    now += TIMEOUT - 1;
    assertThat(granted(false)).isFalse();
    now += 1;
    assertThat(granted(false)).isTrue();
  }

  @Test
  void aHeartbeatThatIsRejectedPromisesNothing() {
    now += 5 * TIMEOUT;
    heartbeat(false);
    assertThat(granted(false)).isTrue();
  }

  @Test
  void theSuccessorThatALeaderHasNamedGetsTheVote() {
    now += 5 * TIMEOUT;
    heartbeat(true);
    assertThat(granted(true)).isTrue();
  }

  @Test
  void aLeaderDoesNotVoteUnderItsLeaseAndGivesItUpBeforeItVotes() {
    now += 5 * TIMEOUT;
    lease.grant(3);
    ReadLease.Request early = requireNonNull(lease.request());
    lease.confirmed(early);
    assertThat(granted(false)).isFalse();
    now += 800;
    ReadLease.Request underWay = requireNonNull(lease.request());
    assertThat(granted(false)).isTrue();
    lease.confirmed(underWay);
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void itAsksForNoVoteItselfBeforeItsOwnIsKept() {
    now += 5 * TIMEOUT;
    assertThat(guard.mayAskFor(vote(true))).isTrue();
    assertThat(guard.mayAskFor(vote(false))).isFalse();
  }

  private boolean granted(boolean named) {
    RequestVoteResponse response =
        (RequestVoteResponse)
            guard.vote(
                vote(false),
                named,
                () -> RequestVoteResponse.newBuilder().setTerm(7).setGranted(true).build());
    return response.getGranted();
  }

  private static RequestVoteRequest vote(boolean preVote) {
    return RequestVoteRequest.newBuilder()
        .setGroupId("g")
        .setServerId("a")
        .setPeerId("b")
        .setTerm(7)
        .setLastLogTerm(1)
        .setLastLogIndex(1)
        .setPreVote(preVote)
        .build();
  }

  private void heartbeat(boolean accepted) {
    Message response =
        guard.confirm(
            AppendEntriesRequest.getDefaultInstance(),
            () -> AppendEntriesResponse.newBuilder().setTerm(3).setSuccess(accepted).build(),
            answer -> ((AppendEntriesResponse) requireNonNull(answer)).getSuccess());
    assertThat(response).isNotNull();
  }
}
