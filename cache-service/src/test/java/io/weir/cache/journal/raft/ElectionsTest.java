package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ElectionsTest {

  private final TrippedListener listener = new TrippedListener();
  private final FailStop failStop = listener.failStop();
  private final ReadLease lease = new ReadLease(Duration.ofSeconds(1), System::nanoTime);
  private final Deque<LogStateMachine.EpochTaken> proposed = new ArrayDeque<>();
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
          (taken, term) -> propose(taken),
          () -> {},
          later::add,
          failStop);

  private Consumer<LogStateMachine.EpochTaken> log = proposed::add;

  private void propose(LogStateMachine.EpochTaken taken) {
    log.accept(taken);
  }

  private void apply(long epoch) {
    proposed.remove().epoch().complete(epoch);
  }

  private void refuse() {
    proposed.remove().run(new Status(RaftError.EBUSY, "busy"));
  }

  @Test
  void anElectedMemberAsksForItsEpochUntilItHasOne() {
    elections.elected(3);
    refuse();
    assertThat(elections.reign()).isNull();
    later.removeFirst().run();
    refuse();
    later.removeFirst().run();
    apply(4);
    assertThat(elections.reign()).isEqualTo(new Reign(3, 4));
    assertThat(later).isEmpty();
  }

  @Test
  void whoIsDeposedAsksNoMore() {
    elections.elected(3);
    refuse();
    elections.deposed("another leads");
    later.removeFirst().run();
    assertThat(later).isEmpty();
    assertThat(elections.reign()).isNull();
  }

  @Test
  void aServerThatCannotBeginToLeadEnds() {
    listener.leadingFails = true;
    elections.elected(3);
    apply(4);
    assertThat(listener.broken).containsExactly("could not begin to lead");
  }

  @Test
  void whoseEpochNoVersionCanCarryLeadsNotAndLivesOn() {
    elections.elected(3);
    apply(1L << Version.EPOCH_BITS);
    assertThat(elections.reign()).isNull();
    assertThat(lease.request()).isNull();
    assertThat(listener.broken).isEmpty();
  }

  /** Or it could begin beside its own end, which is told by that thread. */
  @Test
  @Timeout(60)
  void aReignBeginsInTheThreadThatAppliesItsEpochHoweverSoonThatIs() throws Exception {
    elections.elected(3);
    refuse();
    try (ExecutorService applying = Executors.newSingleThreadExecutor()) {
      Thread thread = applying.submit(Thread::currentThread).get();
      // It is applied before the proposal returns.
      log = taken -> CompletableFuture.runAsync(() -> taken.epoch().complete(4L), applying).join();
      later.removeFirst().run();
      assertThat(elections.reign()).isEqualTo(new Reign(3, 4));
      assertThat(listener.ledIn).containsExactly(thread);
    }
  }
}
