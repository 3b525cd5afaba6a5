package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.DirtyLedger.Origin;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an entry goes through between a write and the database's acknowledgement. */
class DirtyLedgerTest {

  private static final Value VALUE = value("v");
  private static final int WEIGHT = Weights.ofDirty(key("k"), VALUE);

  private final Buckets entries = new Buckets();
  private final DirtyBudget budget = budget(10 * WEIGHT);
  private final Backlog backlog = new Backlog(100L * WEIGHT, 100);
  private final DirtyStatistics.Counter counter = new DirtyStatistics.Counter();
  private final DirtyLedger ledger = new DirtyLedger(entries, budget, backlog, counter);
  private Entry entry = resident("k", 1);

  private static DirtyBudget budget(int maxQuarantinedBytes) {
    return new DirtyBudget(100L * WEIGHT, 100, maxQuarantinedBytes, 1, Duration.ZERO);
  }

  private Entry resident(String key, long version) {
    Entry added = Entry.of(key(key), VALUE, version);
    entries.add(added, added.keyHash());
    return added;
  }

  private void written(long version, Origin origin, long nowNanos) {
    Entry written = Entry.of(entry.key(), VALUE, version);
    written.succeed(entry);
    entries.replace(entry, written, entry.keyHash());
    entry = written;
    ledger.add(entry, origin, nowNanos);
  }

  private static Write write(long version) {
    return new Write(key("k"), new Version(version), VALUE);
  }

  private List<Long> taken(long dirtySinceNanos) {
    Batch batch = new Batch(10, 10 * WEIGHT);
    ledger.queues().takeParked(batch);
    ledger.queues().takeOld(batch, dirtySinceNanos);
    return versions(batch);
  }

  private static List<Long> versions(Batch batch) {
    return batch.writes().stream().map(write -> write.version().value()).toList();
  }

  private void assertClean() {
    assertThat(entry.dirt).isNull();
    assertThat(counter.entries).hasValue(0);
    assertThat(counter.quarantined).hasValue(0);
    assertThat(counter.memoryOnlyEntries).hasValue(0);
    assertThat(counter.memoryOnlyBytes).hasValue(0);
    assertThat(budget.dirtyBytes()).isZero();
    assertThat(budget.quarantinedBytes()).isZero();
    assertThat(ledger.queues().oldestNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(backlog.bytes()).isZero();
    assertThat(backlog.entries()).isZero();
  }

  @Test
  void theExampleInTheCommentOfStripe() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    written(2, Origin.JOURNAL, 20);
    assertThat(taken(20)).as("one flush of a key at a time").isEmpty();
    assertThat(ledger.flushed(entry, 1)).as("still dirty at version 2").isFalse();
    assertThat(counter.entries).hasValue(1);
    assertThat(taken(20)).containsExactly(2L);
    assertThat(ledger.flushed(entry, 2)).isTrue();
    assertClean();
  }

  @Test
  void aFailedFlushOfAReplacedVersionLeavesTheNewerOneDirtySinceTheOlder() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    written(2, Origin.JOURNAL, 20);
    ledger.giveBack(write(1));
    assertThat(ledger.queues().oldestNanos()).isEqualTo(10);
    assertThat(counter.coalesced.sum()).isEqualTo(1);
    assertThat(taken(10)).containsExactly(2L);
  }

  @Test
  void whatIsCommittedStaysDirtyAndOutOfTheQueue() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    ledger.committed(write(1));
    assertThat(counter.entries).hasValue(1);
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(taken(10)).isEmpty();
    assertThat(ledger.flushed(entry, 1)).isTrue();
    assertClean();
  }

  @Test
  void aCommittedVersionDoesNotHoldUpTheNextOne() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    ledger.committed(write(1));
    written(2, Origin.JOURNAL, 20);
    assertThat(taken(20)).as("before the first is acknowledged").containsExactly(2L);
    ledger.committed(write(2));
    assertThat(ledger.flushed(entry, 1)).isFalse();
    assertThat(ledger.flushed(entry, 2)).isTrue();
    assertClean();
  }

  @Test
  void whatIsCommittedAndLostIsQueuedWithAllOthers() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    ledger.committed(write(1));
    ledger.giveBack(write(1)); // Its flush is over, so that this changes nothing.
    assertThat(taken(10)).isEmpty();
    ledger.requeue();
    assertThat(taken(10)).containsExactly(1L);
  }

  @Test
  void whatIsLostIsDirtySinceItsOldestVersion() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    ledger.committed(write(1));
    written(2, Origin.JOURNAL, 20);
    assertThat(ledger.queues().oldestNanos()).isEqualTo(20);
    ledger.requeue();
    assertThat(ledger.queues().oldestNanos()).isEqualTo(10);
    assertThat(taken(10)).containsExactly(2L);
  }

  @Test
  void aQuarantinedVersionThatIsCommittedIsInQuarantineNoMore() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    assertThat(ledger.quarantine(write(1))).isTrue();
    assertThat(ledger.takeAside(key("k"))).isNotNull();
    ledger.committed(write(1));
    assertThat(counter.quarantined).hasValue(0);
    assertThat(budget.quarantinedBytes()).isZero();
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(ledger.flushed(entry, 1)).isTrue();
    assertClean();
  }

  @Test
  void anAcknowledgementThatComesTwiceChangesNothing() {
    written(1, Origin.JOURNAL, 10);
    assertThat(ledger.flushed(entry, 1)).isTrue();
    assertThat(ledger.flushed(entry, 1)).isFalse();
    assertClean();
  }

  @Test
  void aReplacedVersionGivesItsBytesBackAndKeepsItsAge() {
    written(1, Origin.JOURNAL, 10);
    written(2, Origin.JOURNAL, 20);
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(counter.entries).hasValue(1);
    assertThat(counter.coalesced.sum()).isEqualTo(1);
    assertThat(ledger.queues().oldestNanos()).isEqualTo(10);
  }

  @Test
  void aWriteToMemoryAloneBringsTheBytesThatItReserved() {
    budget.reserve(WEIGHT, 1);
    written(1, Origin.MEMORY, 10);
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(counter.memoryOnlyEntries).hasValue(1);
    assertThat(counter.memoryOnlyBytes).hasValue(WEIGHT);
    ledger.remove(entry);
    assertClean();
  }

  @Test
  void whatIsInMemoryAloneIsSoUntilTheJournalHasTheSameVersion() {
    budget.reserve(WEIGHT, 1);
    written(2, Origin.MEMORY, 10);
    ledger.addAgain(entry, write(1), Origin.JOURNAL);
    assertThat(counter.memoryOnlyEntries).hasValue(1);
    ledger.addAgain(entry, write(2), Origin.JOURNAL);
    assertThat(counter.memoryOnlyEntries).hasValue(0);
    assertThat(budget.dirtyBytes()).as("the bytes stay its own").isEqualTo(WEIGHT);
  }

  @Test
  void anOlderWriteToMemoryGivesBackWhatItReserved() {
    written(2, Origin.JOURNAL, 10);
    budget.reserve(WEIGHT, 1);
    ledger.addAgain(entry, write(1), Origin.MEMORY);
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
  }

  @Test
  void aQuarantinedEntryIsChargedToTheQuarantineAndWaitsInNoQueue() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    assertThat(ledger.quarantine(write(1))).isTrue();
    assertThat(budget.dirtyBytes()).isZero();
    assertThat(budget.quarantinedBytes()).isEqualTo(WEIGHT);
    assertThat(counter.quarantined).hasValue(1);
    assertThat(taken(10)).isEmpty();
    assertThat(ledger.takeAside(key("k"))).isEqualTo(write(1));
    ledger.giveBack(write(1));
    assertThat(taken(10)).as("tried again by itself alone").isEmpty();
    assertThat(ledger.flushed(entry, 1)).isTrue();
    assertClean();
  }

  @Test
  void whatTheQuarantineHasNoRoomForStaysChargedToTheDirtyBudget() {
    DirtyBudget small = budget(WEIGHT - 1);
    DirtyLedger full = new DirtyLedger(entries, small, backlog, counter);
    full.add(entry, Origin.JOURNAL, 10);
    full.queues().takeOld(new Batch(1, WEIGHT), 10);
    assertThat(full.quarantine(write(1))).isTrue();
    assertThat(small.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(small.quarantinedBytes()).isZero();
    full.remove(entry);
    assertThat(small.dirtyBytes()).isZero();
  }

  @Test
  void aRefusedVersionThatWasReplacedIsNotQuarantined() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    written(2, Origin.JOURNAL, 20);
    assertThat(ledger.quarantine(write(1))).isFalse();
    assertThat(counter.quarantined).hasValue(0);
    assertThat(taken(20)).containsExactly(2L);
  }

  @Test
  void aNewWriteBringsAQuarantinedEntryBackIntoTheQueue() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    assertThat(ledger.quarantine(write(1))).isTrue();
    written(2, Origin.JOURNAL, 20);
    assertThat(counter.quarantined).hasValue(0);
    assertThat(budget.quarantinedBytes()).isZero();
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(taken(20)).containsExactly(2L);
  }

  @Test
  void requeueingQueuesWhatAnEndedWriteBackHadTakenOrQuarantined() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    ledger.requeue();
    assertThat(taken(10)).containsExactly(1L);
    assertThat(ledger.quarantine(write(1))).isTrue();
    ledger.requeue();
    assertThat(counter.quarantined).hasValue(0);
    assertThat(budget.quarantinedBytes()).isZero();
    assertThat(budget.dirtyBytes()).isEqualTo(WEIGHT);
    assertThat(taken(10)).containsExactly(1L);
  }

  @Test
  void aParkedEntryIsTakenFirstAndWhateverItsAge() {
    Entry old = resident("old", 5);
    ledger.add(old, Origin.JOURNAL, 10);
    written(1, Origin.JOURNAL, 20);
    ledger.park(entry);
    assertThat(taken(0)).containsExactly(1L);
    assertThat(entry.list).isNull();
    assertThat(taken(10)).containsExactly(5L);
  }

  @Test
  void anEntryThatIsInAFlushIsNotParked() {
    written(1, Origin.JOURNAL, 10);
    assertThat(taken(10)).containsExactly(1L);
    ledger.park(entry);
    assertThat(entry.list).isNull();
    ledger.giveBack(write(1));
    assertThat(taken(0)).as("it is parked now").containsExactly(1L);
  }

  @Test
  void aParkedEntryThatBecomesCleanLeavesItsList() {
    written(1, Origin.JOURNAL, 10);
    ledger.park(entry);
    assertThat(ledger.flushed(entry, 1)).isTrue();
    assertThat(entry.list).isNull();
    assertThat(taken(10)).isEmpty();
    assertClean();
  }
}
