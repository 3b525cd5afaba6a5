package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import io.weir.model.Version;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ElectionsTest {

  private final TrippedListener listener = new TrippedListener();
  private final FailStop failStop = listener.failStop();
  private final ReadLease lease = new ReadLease(Duration.ofSeconds(1), System::nanoTime);
  private final Deque<CompletableFuture<Long>> epochs = new ArrayDeque<>();
  private final List<Runnable> later = new ArrayList<>();
  private final GroupCommit commit =
      new GroupCommit(
          RaftSettings.of(
              "g", Path.of("unused"), new InetSocketAddress(0), "a secret of sixteen bytes"),
          failStop,
          new FormatInUse(),
          (entry, done, term) -> {});
  private final Elections elections =
      new Elections(
          "g",
          new Member("127.0.0.1", 1, 1),
          commit,
          lease,
          listener,
          term -> epochs.remove(),
          () -> {},
          later::add,
          failStop);

  @Test
  void anElectedMemberAsksForItsEpochUntilItHasOne() {
    epochs.add(refused());
    epochs.add(refused());
    epochs.add(CompletableFuture.completedFuture(4L));
    elections.elected(3);
    assertThat(elections.reign()).isNull();
    later.removeFirst().run();
    later.removeFirst().run();
    assertThat(elections.reign()).isEqualTo(new Reign(3, 4));
    assertThat(later).isEmpty();
  }

  @Test
  void whoIsDeposedAsksNoMore() {
    epochs.add(refused());
    elections.elected(3);
    elections.deposed("another leads");
    later.removeFirst().run();
    assertThat(later).isEmpty();
    assertThat(elections.reign()).isNull();
  }

  @Test
  void aServerThatCannotBeginToLeadEnds() {
    listener.leadingFails = true;
    epochs.add(CompletableFuture.completedFuture(4L));
    elections.elected(3);
    assertThat(listener.broken).containsExactly("could not begin to lead");
  }

  @Test
  void whoseEpochNoVersionCanCarryLeadsNotAndLivesOn() {
    epochs.add(CompletableFuture.completedFuture(1L << Version.EPOCH_BITS));
    elections.elected(3);
    assertThat(elections.reign()).isNull();
    assertThat(lease.request()).isNull();
    assertThat(listener.broken).isEmpty();
  }

  private static CompletableFuture<Long> refused() {
    return CompletableFuture.failedFuture(new JournalException.OutcomeOpen("busy"));
  }
}
