package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GroupCommitTest {

  private static final Reign REIGN = new Reign(3, 5);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TrippedListener listener = new TrippedListener();
  private final FailStop failStop = listener.failStop();
  private final AtomicLong applied = new AtomicLong();
  private final Steps logSteps = new Steps();
  private final Deque<Closure> proposed = new ArrayDeque<>();
  private @Nullable Error thrown;
  private GroupCommit commit = over((entry, done, term) -> propose(done));
  private Watchdog watchdog = watching();

  @AfterEach
  void close() {
    watchdog.close();
  }

  private GroupCommit over(GroupCommit.Log log) {
    RaftSettings settings =
        RaftSettings.of(
            "g", Path.of("unused"), new InetSocketAddress(0), "a secret of sixteen bytes");
    GroupCommit made = new GroupCommit(settings, failStop, new FormatInUse(), log);
    made.open(REIGN);
    return made;
  }

  private Watchdog watching() {
    return new Watchdog(
        failStop,
        List.of(
            new Watchdog.Watched("lost", () -> commit.lost(applied.get(), logSteps.current()))));
  }

  private void propose(Closure done) {
    Error error = thrown;
    thrown = null;
    if (error != null) {
      throw error;
    }
    proposed.add(done);
  }

  private CompletableFuture<@Nullable Void> append(String key) {
    return commit.under(REIGN).append(List.of(TestMember.written(key, 1)));
  }

  private Batch next() {
    return (Batch) proposed.remove();
  }

  private void look(int times) {
    for (int look = 0; look < times; look++) {
      watchdog.look();
    }
  }

  @Test
  void anErrorAsTheQueueIsDrainedEndsTheMemberAndNobodyWaits() {
    thrown = new OutOfMemoryError("Java heap space");
    CompletableFuture<?> first = append("a");
    assertThat(first)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.OutcomeOpen.class);
    assertThat(listener.broken).containsExactly("could not propose what waits for the journal");
    for (String key : List.of("b", "c", "d")) {
      assertThat(append(key)).failsWithin(LONG);
    }
    assertThat(proposed).isEmpty();
    assertThat(commit.queuedBytes()).isZero();
  }

  /** Who appends holds locks of its own keys; those who are told take those of theirs. */
  @Test
  void whoAppendsTellsNobodyElse() throws Exception {
    CompletableFuture<Thread> told = new CompletableFuture<>();
    AppendListener other =
        new AppendListener() {
          @Override
          public void applied() {}

          @Override
          public void failed(JournalException why) {
            told.complete(Thread.currentThread());
          }

          @Override
          public Runnable afterwards() {
            return () -> {};
          }
        };
    AtomicBoolean isSecond = new AtomicBoolean();
    commit =
        over((entry, done, term) -> {
          if (!isSecond.getAndSet(true)) {
            commit.under(REIGN).append(List.of(TestMember.written("b", 1)), other);
            commit.close();
          }
        });
    var _ = append("a");
    assertThat(told.get(1, TimeUnit.MINUTES)).isNotEqualTo(Thread.currentThread());
    assertThat(isSecond).isTrue();
  }

  @Test
  void whatJraftIsTooBusyForWasNotProposed() {
    CompletableFuture<?> write = append("a");
    next().run(new Status(RaftError.EBUSY, "the log manager is busy"));
    assertThat(write)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.QueueFull.class);
    assertThat(commit.queuedBytes()).isZero();
  }

  @Test
  void whatALeaderThatStepsDownHadProposedIsOpen() {
    CompletableFuture<?> write = append("a");
    next().run(new Status(RaftError.EPERM, "Leader stepped down"));
    assertThat(write)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.OutcomeOpen.class);
  }

  @Test
  void aBatchWhoseEndIsLostEndsTheMember() {
    CompletableFuture<?> lost = append("a");
    Batch first = next();
    look(2 + Watchdog.PATIENCE);
    assertThat(listener.broken).isEmpty();
    look(1);
    assertThat(listener.broken).containsExactly("lost");
    assertThat(lost).isNotDone();
    first.run(new Status(-1, "after all"));
    assertThat(lost).isCompletedExceptionally();
  }

  /** One of two places is gone for good while the other goes on. */
  @Test
  void aBatchWhoseEndIsLostIsFoundWhileOthersGoOn() {
    CompletableFuture<?> _ = append("lost");
    Batch _ = next();
    for (int index = 1; listener.broken.isEmpty(); index++) {
      assertThat(index).isLessThan(2 * Watchdog.PATIENCE);
      CompletableFuture<?> write = append("k" + index);
      commit.stored(index);
      applied.set(index);
      next().applied(index);
      assertThat(write).isCompleted();
      look(1);
    }
  }

  @Test
  void aBatchThatWaitsForOtherMembersIsNotLost() {
    CompletableFuture<?> write = append("a");
    commit.stored(1);
    look(5 * Watchdog.PATIENCE);
    assertThat(listener.broken).isEmpty();
    applied.set(1);
    next().applied(1);
    assertThat(write).isCompleted();
    look(5 * Watchdog.PATIENCE);
    assertThat(listener.broken).isEmpty();
  }

  /** One member is away and another is slow: the leader's own disk took its time, but once. */
  @Test
  void aBatchThatCameLateToTheOwnDiskAndWaitsForOthersIsNotLost() {
    commit.stored(6);
    applied.set(6);
    CompletableFuture<?> write = append("a");
    look(1); // It has not come to the log's thread yet.
    logSteps.begin();
    look(Watchdog.PATIENCE);
    commit.stored(7);
    logSteps.end();
    look(5 * Watchdog.PATIENCE);
    assertThat(listener.broken).isEmpty();
    applied.set(7);
    next().applied(7);
    assertThat(write).isCompleted();
  }

  /** Each look finds the log at work, with another append. */
  @Test
  void aBatchThatABusyLogNeverHadIsLost() {
    CompletableFuture<?> _ = append("lost");
    for (int index = 1; listener.broken.isEmpty(); index++) {
      assertThat(index).isLessThan(2 * Watchdog.PATIENCE);
      logSteps.begin();
      look(1);
      commit.stored(index);
      logSteps.end();
      applied.set(index);
    }
  }

  @Test
  void whatIsAppliedAndNotOnTheOwnDiskCountsAgainstTheQueue() {
    CompletableFuture<?> write = append("a");
    long bytes = commit.queuedBytes();
    next().applied(7);
    assertThat(write).isCompleted();
    assertThat(commit.queuedBytes()).isEqualTo(bytes);
    commit.stored(6);
    assertThat(commit.queuedBytes()).isEqualTo(bytes);
    commit.stored(7);
    assertThat(commit.queuedBytes()).isZero();

    int most = 0;
    while (!append(most, 8 << 20).isCompletedExceptionally()) {
      most++;
      next().applied(7 + most);
      assertThat(most).isLessThan(10);
    }
    assertThat(most).isBetween(6, 8);
    commit.stored(7 + most);
    assertThat(append("b")).isNotDone();
  }

  private CompletableFuture<@Nullable Void> append(int key, int bytes) {
    return commit.under(REIGN).append(List.of(TestMember.written("k" + key, 1, bytes)));
  }

  /** Every append ends, the bytes add up, and a log that only is slow is never taken for lost. */
  @Test
  void underLoadEveryAppendEndsAndNoneIsTakenForLost() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try (ExecutorService log = Executors.newSingleThreadExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(6)) {
      AtomicLong index = new AtomicLong();
      commit =
          over((entry, done, term) ->
              log.execute(() -> {
                if (random.nextInt(5) == 0) {
                  ((Batch) done).run(new Status(RaftError.EBUSY, "busy"));
                  return;
                }
                long at = index.incrementAndGet();
                boolean late = random.nextBoolean();
                if (!late) {
                  commit.stored(at);
                }
                applied.set(at);
                ((Batch) done).applied(at);
                if (late) {
                  commit.stored(at);
                }
              }));
      watchdog.close();
      watchdog = watching();
      AtomicBoolean over = new AtomicBoolean();
      // As fast as it can, each time with the progress of at least one entry in between.
      Thread looking =
          Thread.ofPlatform()
              .start(() -> {
                for (long seen = 0; !over.get(); seen = Math.max(seen, applied.get())) {
                  while (applied.get() == seen && !over.get()) {
                    Thread.onSpinWait();
                  }
                  watchdog.look();
                }
              });
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int caller = 0; caller < 6; caller++) {
        int of = caller;
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int write = 0; write < 3_000; write++) {
                    awaitEnd(append(of * 3_000 + write, 10));
                  }
                },
                callers));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
      over.set(true);
      looking.join();
    }
    assertThat(commit.queuedBytes()).as("seed " + seed).isZero();
    assertThat(listener.broken).as("seed " + seed).isEmpty();
    assertThat(commit.lost(applied.get(), Steps.NONE)).as("seed " + seed).isEqualTo(Steps.NONE);
  }

  private static void awaitEnd(CompletableFuture<@Nullable Void> write) {
    try {
      write.orTimeout(1, TimeUnit.MINUTES).join();
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(JournalException.QueueFull.class);
    }
  }

  /** Or it would come behind the entry that a second reign of the same term begins with. */
  @Test
  void nothingOfAReignIsProposedOnceItIsClosed() throws Exception {
    AtomicLong inOffice = new AtomicLong();
    AtomicLong late = new AtomicLong();
    AtomicLong written = new AtomicLong();
    try (ExecutorService log = Executors.newSingleThreadExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(3)) {
      commit =
          over((entry, done, term) -> {
            Mutation first = ((Batch) done).mutations().getFirst();
            if (((Mutation.Written) first).write().version().value() != inOffice.get()) {
              late.incrementAndGet();
            }
            log.execute(() -> ((Batch) done).applied(0));
          });
      commit.close();
      AtomicBoolean over = new AtomicBoolean();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int caller = 0; caller < 3; caller++) {
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!over.get()) {
                    long epoch = inOffice.get();
                    var _ =
                        commit
                            .under(new Reign(3, epoch))
                            .append(List.of(TestMember.written("k", epoch)))
                            .exceptionally(refused -> null)
                            .join();
                    written.incrementAndGet();
                  }
                },
                callers));
      }
      for (long epoch = 1; epoch <= 2_000; epoch++) {
        inOffice.set(epoch);
        commit.open(new Reign(3, epoch));
        long before = written.get();
        while (written.get() < before + 5) {
          Thread.onSpinWait();
        }
        commit.close();
        inOffice.set(0);
      }
      over.set(true);
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
    }
    assertThat(late).hasValue(0);
    assertThat(commit.queuedBytes()).isZero();
  }

  /** An append that counts what it hears, and shares what it wants to be run then. */
  private static class Counted implements AppendListener {

    private final AtomicLong told;
    private final Runnable afterwards;

    Counted(AtomicLong told, Runnable afterwards) {
      this.told = told;
      this.afterwards = afterwards;
    }

    @Override
    public void applied() {
      told.incrementAndGet();
    }

    @Override
    public void failed(JournalException why) {
      told.incrementAndGet();
    }

    @Override
    public Runnable afterwards() {
      return afterwards;
    }
  }

  /** Of who appends one after the other, such as an event loop. */
  private static final class InTurns extends Counted {

    private final List<Runnable> turnEnd;

    InTurns(AtomicLong told, List<Runnable> turnEnd) {
      super(told, () -> {});
      this.turnEnd = turnEnd;
    }

    @Override
    public boolean proposesLater(Runnable proposing) {
      turnEnd.add(proposing);
      return true;
    }
  }

  @Test
  void whatIsAppendedInOneTurnIsOneBatch() {
    AtomicLong told = new AtomicLong();
    List<Runnable> turnEnd = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<Mutation> written = List.of(TestMember.written("k" + i, 1));
      commit.under(REIGN).append(written, new InTurns(told, turnEnd));
    }
    assertThat(proposed).isEmpty();
    assertThat(turnEnd).hasSize(3).containsOnly(turnEnd.getFirst());
    turnEnd.getFirst().run();
    assertThat(proposed).hasSize(1);
    next().applied(1);
    assertThat(told).hasValue(3);
  }

  @Test
  void whatWaitsForTheEndOfATurnGoesWithTheNextThatDoesNot() {
    AtomicLong told = new AtomicLong();
    List<Mutation> written = List.of(TestMember.written("a", 1));
    commit.under(REIGN).append(written, new InTurns(told, new ArrayList<>()));
    CompletableFuture<?> write = append("b");
    next().applied(1);
    assertThat(told).hasValue(1);
    assertThat(write).isCompleted();
  }

  /** A turn may take long: what it brings would else be cut into as many entries as end in it. */
  @Test
  void aBatchThatEndsLeavesWhatWaitsToTheTurnThatProposesIt() {
    AtomicLong told = new AtomicLong();
    List<Runnable> turnEnd = new ArrayList<>();
    List<Mutation> written = List.of(TestMember.written("a", 1));
    CompletableFuture<?> first = append("b");
    commit.under(REIGN).append(written, new InTurns(told, turnEnd));
    next().applied(1);
    assertThat(first).isCompleted();
    assertThat(proposed).isEmpty();
    commit.under(REIGN).append(written, new InTurns(told, turnEnd));
    turnEnd.getFirst().run();
    assertThat(proposed).hasSize(1);
    next().applied(2);
    assertThat(told).hasValue(2);
  }

  @Test
  void aBatchThatEndsProposesWhatATurnFoundNoRoomFor() {
    AtomicLong told = new AtomicLong();
    List<Runnable> turnEnd = new ArrayList<>();
    List<Mutation> written = List.of(TestMember.written("a", 1));
    append("b");
    append("c");
    commit.under(REIGN).append(written, new InTurns(told, turnEnd));
    turnEnd.getFirst().run();
    assertThat(proposed).hasSize(2);
    next().applied(1);
    assertThat(proposed).hasSize(2);
    next().applied(2);
    next().applied(3);
    assertThat(told).hasValue(1);
  }

  @Test
  void aSecondBatchGoesOnceItHasAsManyAppendsAsTheFirst() {
    AtomicLong told = new AtomicLong();
    List<Runnable> turnEnd = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<Mutation> written = List.of(TestMember.written("k" + i, 1));
      commit.under(REIGN).append(written, new InTurns(told, turnEnd));
    }
    turnEnd.getFirst().run();
    append("a");
    append("b");
    assertThat(proposed).hasSize(1);
    append("c");
    assertThat(proposed).hasSize(2);
    append("d");
    next().applied(1);
    assertThat(proposed).hasSize(1);
    next().applied(2);
    assertThat(proposed).hasSize(1);
    next().applied(3);
    assertThat(told).hasValue(3);
  }

  /** Each loop awaits all of its writes before its next turn, so one left behind stops it. */
  @Test
  void betweenATurnThatEndsAndABatchThatEndsNothingIsLeftBehind() throws Exception {
    long seed = System.nanoTime();
    try (ExecutorService log = Executors.newSingleThreadExecutor();
        ExecutorService loops = Executors.newFixedThreadPool(3)) {
      AtomicLong index = new AtomicLong();
      commit =
          over((entry, done, term) ->
              log.execute(() -> {
                long at = index.incrementAndGet();
                commit.stored(at);
                ((Batch) done).applied(at);
              }));
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int loop = 0; loop < 3; loop++) {
        SplittableRandom random = new SplittableRandom(seed + loop);
        all.add(CompletableFuture.runAsync(() -> turns(random), loops));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
    }
    assertThat(commit.queuedBytes()).as("seed " + seed).isZero();
  }

  private void turns(SplittableRandom random) {
    AtomicLong told = new AtomicLong();
    long appended = 0;
    long deadline = System.nanoTime() + LONG.toNanos() / 2;
    for (int turn = 0; turn < 10_000; turn++) {
      List<Runnable> turnEnd = new ArrayList<>();
      for (int write = random.nextInt(4); write >= 0; write--) {
        List<Mutation> written = List.of(TestMember.written("a", 1));
        commit.under(REIGN).append(written, new InTurns(told, turnEnd));
        appended++;
      }
      turnEnd.getFirst().run();
      while (told.get() < appended) {
        assertThat(System.nanoTime()).as("writes that nobody proposes").isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whatWaitsForTheEndOfATurnFailsAtTheEndOfTheReign() {
    AtomicLong told = new AtomicLong();
    List<Runnable> turnEnd = new ArrayList<>();
    List<Mutation> written = List.of(TestMember.written("a", 1));
    commit.under(REIGN).append(written, new InTurns(told, turnEnd));
    commit.close();
    assertThat(told).hasValue(1);
    turnEnd.forEach(Runnable::run);
    assertThat(proposed).isEmpty();
    assertThat(told).hasValue(1);
    assertThat(commit.queuedBytes()).isZero();
  }

  @Test
  void whoSharesAWordHearsItOnceABatchHoweverThatEnds() {
    AtomicLong told = new AtomicLong();
    List<Long> one = new ArrayList<>();
    List<Long> other = new ArrayList<>();
    Runnable oneHears = () -> one.add(told.get());
    Runnable otherHears = () -> other.add(told.get());
    CompletableFuture<?> first = append("a");
    Batch alone = next();
    CompletableFuture<?> second = append("b");
    Batch alsoAlone = next();
    for (int i = 0; i < 10; i++) { // Two batches are in flight: these share the next.
      Counted append = new Counted(told, i % 3 == 0 ? otherHears : oneHears);
      commit.under(REIGN).append(List.of(TestMember.written("k" + i, 1)), append);
    }
    alone.applied(1);
    assertThat(first).isCompleted();
    alsoAlone.applied(2);
    assertThat(second).isCompleted();
    next().applied(3);
    assertThat(one).containsExactly(10L);
    assertThat(other).containsExactly(10L);

    for (int i = 0; i < 5; i++) {
      Counted append = new Counted(told, oneHears);
      commit.under(REIGN).append(List.of(TestMember.written("k" + i, 1)), append);
    }
    next().run(new Status(RaftError.EPERM, "Leader stepped down"));
    assertThat(one).containsExactly(10L, 11L);
    next().applied(4);
    assertThat(one).containsExactly(10L, 11L, 12L);
    Batch last = next();
    commit.close();
    last.run(new Status(RaftError.EPERM, "Leader stepped down"));
    assertThat(one).containsExactly(10L, 11L, 12L, 15L);

    commit.under(REIGN).append(List.of(TestMember.written("k", 1)), new Counted(told, oneHears));
    assertThat(one).as("refused at once").containsExactly(10L, 11L, 12L, 15L, 16L);
  }

  @Test
  void mutationsOfOneAppendStayTogether() {
    CompletableFuture<?> both =
        commit.under(REIGN).append(List.of(TestMember.written("a", 1), TestMember.written("b", 2)));
    assertThat(next().mutations()).hasSize(2).allMatch(Mutation.Written.class::isInstance);
    assertThat(both).isNotDone();
  }
}
