package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.OutdatedJournalException;
import io.weir.cache.store.StoreException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a leader learns of its journal from the database. */
class ReignCheckTest implements ReignCheck.Listener {

  private static final NodeId NODE = new NodeId("cache-1");

  private final FakeShardRegistry registry = new FakeShardRegistry();
  private final List<Boolean> checked = new ArrayList<>();
  private final List<StoreException> doubts = new ArrayList<>();
  private final List<ForeignShardException> foreign = new ArrayList<>();
  private boolean leads = true;
  private @Nullable StoreException failure;
  private Runnable whenChecked = () -> {};

  @Override
  public void checked(boolean writable) {
    checked.add(writable);
    whenChecked.run();
  }

  @Override
  public boolean doubted(StoreException doubt) {
    doubts.add(doubt);
    if (failure != null) {
      throw failure;
    }
    return leads;
  }

  @Override
  public void foreign(ForeignShardException refusal) {
    foreign.add(refusal);
  }

  @BeforeEach
  void found() {
    assertThat(registry.found(0, 1, NODE, "127.0.0.1:8401:7", "a secret")).isTrue();
  }

  private ReignCheck reign(long term, long epoch) {
    return new ReignCheck(
        registry, registry.readOrCreate().id(), new Claim(1, term, NODE), epoch, this);
  }

  @Test
  void aReignIsOnRecordBeforeTheFirstFlush() {
    ReignCheck first = reign(1, 1);
    assertThat(first.isRecorded()).isFalse();
    first.requireRecorded();

    assertThat(first.isRecorded()).isTrue();
    assertThat(registry.readOrCreate().knownEpoch()).isEqualTo(1);
    assertThat(checked).containsExactly(true, true);
    reign(2, 2).requireRecorded();
    assertThat(registry.readOrCreate().knownEpoch()).isEqualTo(2);
  }

  @Test
  void aDatabaseThatIsAwayIsAskedAgain() {
    ReignCheck reign = reign(1, 1);
    registry.down = true;
    assertThatThrownBy(reign::requireChecked)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageStartingWith("the database has not confirmed");
    assertThatThrownBy(reign::requireRecorded).isInstanceOf(StoreUnavailableException.class);
    registry.down = false;
    reign.requireChecked();
    reign.requireRecorded();
    assertThat(doubts).isEmpty();
  }

  @Test
  void aDatabaseThatTakesNoWritesIsEnoughToReadFrom() {
    registry.readOnly = true;
    ReignCheck reign = reign(1, 1);
    reign.requireChecked();
    assertThatThrownBy(reign::requireRecorded).isInstanceOf(StoreUnavailableException.class);
    // It has been on record since the founding that the journal may hold something.
    assertThat(checked).containsOnly(true);
  }

  @Test
  void afterACleanStopAWriteIsNotSafeBeforeTheReignIsOnRecord() {
    ReignCheck first = reign(1, 1);
    first.requireRecorded();
    first.recordClean();
    assertThat(registry.readOrCreate().isClean()).isTrue();
    checked.clear();

    registry.readOnly = true;
    ReignCheck second = reign(2, 2);
    second.requireChecked();
    assertThat(checked).containsExactly(false);
    registry.readOnly = false;
    second.requireRecorded();
    assertThat(checked).endsWith(true);
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  @Test
  void aReignThatIsNotOnRecordLeavesTheRecordAsItIs() {
    reign(1, 1).recordClean();
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  /** Whoever waits is told, also when the doubt itself cannot be looked into. */
  @Test
  void aDoubtThatFailsIsRaisedAgain() {
    reign(5, 5).requireRecorded();
    ReignCheck copy = reign(6, 5);
    failure = FakeBackingStore.unavailable();
    assertThatThrownBy(copy::requireChecked).isSameAs(failure);
    failure = null;
    assertThatThrownBy(copy::requireChecked).hasMessageContaining("records a reign of epoch 5");
    assertThat(doubts).hasSize(2);
  }

  @Test
  void anEpochThatComesWhileTheReignIsRecordedIsRecordedToo() {
    ReignCheck[] reign = new ReignCheck[1];
    reign[0] = reign(1, 1);
    whenChecked =
        () -> {
          whenChecked = () -> {};
          registry.beforeRecord =
              () -> {
                registry.beforeRecord = () -> {};
                reign[0].goOn(2);
              };
        };
    reign[0].requireRecorded();
    assertThat(reign[0].isRecorded()).isTrue();
    assertThat(registry.readOrCreate().knownEpoch()).isEqualTo(2);
  }

  /** As of a copy of the directory that was taken before that reign. */
  @Test
  void aJournalThatKnowsLessThanTheDatabaseIsRefused() {
    reign(5, 5).requireRecorded();
    ReignCheck copy = reign(6, 5);

    assertThatThrownBy(copy::requireChecked)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("it records a reign of epoch 5, and this one has epoch 5");
    assertThat(doubts).hasOnlyElementsOfType(OutdatedJournalException.class).hasSize(1);
    assertThatThrownBy(copy::requireRecorded).isInstanceOf(StoreUnavailableException.class);
    assertThat(doubts).hasSize(1);
    assertThat(checked).containsExactly(true, true); // Of the first.
    assertThat(registry.readOrCreate().term()).isEqualTo(5);
  }

  /** Whose terms are behind as well, so that the fence is the first to say so. */
  @Test
  void aJournalWhoseTermIsPassedIsDoubtedToo() {
    reign(5, 5).requireRecorded();
    registry.leadUnrecorded(new Claim(1, 9, NODE));
    assertThatThrownBy(() -> reign(8, 6).requireRecorded())
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(doubts).hasOnlyElementsOfType(FencedException.class).hasSize(1);
  }

  @Test
  void aDeposedLeaderIsNotRefusedForTheReignOfItsSuccessor() {
    reign(5, 5).requireRecorded();
    leads = false;
    ReignCheck deposed = reign(4, 4);
    assertThatThrownBy(deposed::requireChecked).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(deposed::requireChecked).isInstanceOf(StoreUnavailableException.class);
    assertThat(doubts).hasSize(2);
  }

  @Test
  void anotherShardsDatabaseIsRefused() {
    ReignCheck lost = new ReignCheck(registry, ShardId.random(), new Claim(1, 1, NODE), 1, this);
    assertThatThrownBy(lost::requireChecked)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("the database of shard " + registry.readOrCreate().id());
    assertThatThrownBy(lost::requireRecorded).isInstanceOf(StoreUnavailableException.class);
    assertThat(foreign).hasSize(1);
    assertThat(doubts).isEmpty();
  }

  @Test
  void aFurtherEpochOfTheSameReignIsOnRecordBeforeTheNextFlush() {
    ReignCheck reign = reign(1, 1);
    reign.requireRecorded();
    reign.goOn(2);
    assertThat(reign.isRecorded()).isFalse();
    reign.requireChecked();
    reign.requireRecorded();
    assertThat(registry.readOrCreate().knownEpoch()).isEqualTo(2);
    assertThat(doubts).isEmpty();
  }
}
