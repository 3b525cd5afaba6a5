package io.weir.cache.server;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.DirectJournal;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.LogEnd;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import io.weir.cache.journal.ReplicatedJournal;
import io.weir.cache.journal.ReplicatedStateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A journal without a log, whose elections a test decides. Alone, it leads as soon as started. */
final class FakeGroupJournal implements ReplicatedJournal {

  final JournalListener listener;
  final Founding.Place place;
  final Member self;
  final List<Member> voters = new CopyOnWriteArrayList<>();
  final List<Member> alive = new CopyOnWriteArrayList<>();
  final AtomicLong nanos = new AtomicLong();
  volatile boolean closed;
  volatile boolean transfersFail;
  volatile boolean refuses;

  /** Thrown by each change of members, as JRaft does where it finds it to be none. */
  volatile @Nullable RuntimeException thrownByChanges;

  /** Whether each change of members fails, without one. */
  volatile boolean changesFail;

  /** What this member answers with; and the others, null where they do not. */
  volatile IntFunction<byte[]> answers = part -> new byte[0];

  volatile @Nullable IntFunction<byte[]> answersOfOthers;

  private final ReplicatedStateMachine machine;
  private final ReadLease lease =
      new ReadLease(Duration.ofHours(1), nanos::get, () -> nanos.get() / 1_000_000);
  private volatile @Nullable Reign reign;
  private long term;
  private long epoch;
  volatile LogEnd logEnd = new LogEnd(0, null);
  volatile int format = JournalFormat.FIRST;

  FakeGroupJournal(Founding.Place place, ReplicatedStateMachine machine, JournalListener listener) {
    this.place = place;
    this.machine = machine;
    this.listener = listener;
    this.self = place.directory().member();
    voters.add(self);
    alive.add(self);
  }

  /** Wins an election. */
  Reign elect() {
    Reign begun = new Reign(++term, ++epoch);
    reign = begun;
    lease.grant(term);
    lease.confirmed(lease.request());
    listener.leading(begun);
    return begun;
  }

  /** Loses the leadership to another, or to nobody. */
  void depose(@Nullable Member successor) {
    Reign ended = reign;
    reign = null;
    lease.revoke();
    if (ended != null) {
      listener.stopped(ended, "deposed by the test");
    }
    if (successor != null) {
      term++;
      listener.following(successor, term);
    }
  }

  @Override
  public Journal under(Reign of) {
    Journal direct = new DirectJournal(machine);
    return new Journal() {
      @Override
      public void append(List<Mutation> mutations, AppendListener done) {
        if (of.equals(reign) && !refuses) {
          direct.append(mutations, done);
        } else {
          done.failed(new JournalException.NotLeading("not in this reign"));
          done.afterwards().run();
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public CompletableFuture<Long> takeEpoch(Reign of) {
    return CompletableFuture.completedFuture(++epoch);
  }

  @Override
  public CompletableFuture<@Nullable Void> switchFormat(Reign of, int next) {
    format = next;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<@Nullable Void> readIndex() {
    return reign != null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new JournalException.Refused("no leader"));
  }

  @Override
  public ReadLease lease() {
    return lease;
  }

  @Override
  public JournalStatus status() {
    return new JournalStatus(
        reign == null ? JournalStatus.Role.FOLLOWER : JournalStatus.Role.LEADER,
        term,
        format,
        reign == null ? null : self,
        new Members(voters, List.of()),
        reign == null ? List.of() : new ArrayList<>(alive),
        0,
        0,
        0,
        JournalStatus.Snapshots.NONE);
  }

  @Override
  public LogEnd logEnd() {
    return logEnd;
  }

  @Override
  public CompletableFuture<@Nullable Void> addMember(Member member) {
    RuntimeException thrown = thrownByChanges;
    if (thrown != null) {
      throw thrown;
    }
    if (changesFail) {
      return CompletableFuture.failedFuture(new JournalException.Refused("it does not catch up"));
    }
    voters.add(member);
    alive.add(member);
    listener.membersChanged(new Members(voters, List.of()));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<@Nullable Void> addLearner(Member member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<@Nullable Void> removeMember(Member member) {
    RuntimeException thrown = thrownByChanges;
    if (thrown != null) {
      throw thrown;
    }
    voters.remove(member);
    alive.remove(member);
    listener.membersChanged(new Members(voters, List.of()));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<@Nullable Void> transferLeadership(Member successor) {
    if (transfersFail) {
      return CompletableFuture.failedFuture(new JournalException.Refused("not now"));
    }
    depose(successor);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void answerWith(IntFunction<byte[]> next) {
    answers = next;
  }

  /** As the one other member there is. */
  @Override
  public CompletableFuture<byte[]> ask(Member member, int part) {
    IntFunction<byte[]> other = answersOfOthers;
    return other == null
        ? CompletableFuture.failedFuture(new JournalException.Refused("it does not answer"))
        : CompletableFuture.completedFuture(other.apply(part));
  }

  @Override
  public void close() {
    closed = true;
    depose(null);
  }
}
