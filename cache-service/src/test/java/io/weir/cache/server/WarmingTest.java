package io.weir.cache.server;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.Ticker;
import io.weir.cache.engine.VersionSequence;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Consistency;
import io.weir.model.Key;
import io.weir.model.ShardId;
import io.weir.model.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader, and a server that is to be warm when it takes over or starts again. */
class WarmingTest {

  private static final ShardId SHARD = ShardId.random();
  private static final int ROWS = 300;

  @TempDir private Path directory;
  private final EngineFixture leader = EngineFixture.of(settings());
  private final EngineFixture replica = EngineFixture.of(settings());
  private final FakeGroup leading = new FakeGroup();
  private final FakeGroup following = new FakeGroup();
  private Warming ofReplica;

  private static final class FakeGroup implements Warming.Group {
    boolean leads;
    @Nullable IntFunction<byte[]> answers;
    @Nullable FakeGroup other;

    @Override
    public ShardId shard() {
      return SHARD;
    }

    @Override
    public boolean leads() {
      return leads;
    }

    @Override
    public void answerWith(IntFunction<byte[]> next) {
      answers = next;
    }

    @Override
    public @Nullable CompletableFuture<byte[]> askLeader(int part) {
      FakeGroup asked = other;
      IntFunction<byte[]> answering = asked == null ? null : asked.answers;
      if (asked == null) {
        return null;
      }
      return answering == null
          ? CompletableFuture.failedFuture(new JournalException.Refused("of an older version"))
          : CompletableFuture.completedFuture(answering.apply(part));
    }
  }

  @BeforeEach
  void rows() {
    for (int i = 0; i < ROWS; i++) {
      leader.store.insert(key("k" + i), 1, value("v" + i));
      replica.store.insert(key("k" + i), 1, value("v" + i));
    }
    leading.leads = true;
    following.other = leading;
    replica.engine.follow(ReadGuard.ALWAYS);
    ofReplica = warming(replica, following);
  }

  private Warming warming(EngineFixture of, Warming.Group group) {
    WarmingSettings quick = new WarmingSettings(1_000, Duration.ofSeconds(1), 1_000_000);
    return new Warming(quick, of.engine, new HotKeyFile(directory), () -> group, Ticker.system());
  }

  private void readAtLeader(int from, int to) {
    IntStream.range(from, to).forEach(i -> leader.get("k" + i));
  }

  private Read readAtReplica(String key) {
    return replica.engine.read(key(key), false, Consistency.EVENTUAL);
  }

  @Test
  void aReplicaLoadsWhatIsReadAtItsLeader() throws Exception {
    readAtLeader(0, 250);
    warming(leader, leading).round();
    ofReplica.round();

    assertThat(ofReplica.listed()).isEqualTo(250);
    assertThat(replica.engine.statistics().reads().ahead()).isEqualTo(250);
    assertThat(replica.store.statements).as("of 100 keys at most").hasSize(3);
    assertThat(replica.store.loads).hasValue(0);
    for (int i = 0; i < 250; i++) {
      assertThat(replica.isResident("k" + i)).isTrue();
    }
    assertThat(replica.isResident("k250")).isFalse();

    ofReplica.round();
    assertThat(replica.engine.statistics().reads().ahead()).isEqualTo(250);
  }

  @Test
  void whatItHasLoadedIsThereWhenItLeads() throws Exception {
    readAtLeader(0, 10);
    warming(leader, leading).round();
    ofReplica.round();
    lead(2);
    Read read = replica.read(key("k3"), false);
    assertThat(read.hit()).isTrue();
    assertThat(text(read.what())).isEqualTo("v3");
    assertThat(replica.store.loads).hasValue(0);
  }

  @Test
  void aRowThatNoLeaderCanHaveWrittenIsAskedForAgainByWhoLeads() throws Exception {
    replica.store.insert(key("k3"), 1L << 62, value("somebody else's"));
    readAtLeader(0, 10);
    warming(leader, leading).round();
    ofReplica.round();
    assertThat(replica.isResident("k3")).isTrue();
    lead(2);
    assertThat(replica.isResident("k3")).isFalse();
    assertThat(replica.read(key("k3"), false).what().version()).isEqualTo(Version.NONE);
    assertThat(replica.read(key("k4"), false).hit()).isTrue();
  }

  private void lead(int epoch) {
    replica.engine.lead(
        replica.journal, new VersionSequence(1, epoch, CompletableFuture::new), ReadGuard.ALWAYS);
  }

  @Test
  void aWriteThatTheLogBringsTakesThePlaceOfWhatWasLoaded() throws Exception {
    readAtLeader(0, 10);
    warming(leader, leading).round();
    ofReplica.round();
    written("k3", 7, "after");
    assertThat(text(readAtReplica("k3").what())).isEqualTo("after");

    replica.store.afterLoad = k -> written("k20", 8, "meanwhile");
    readAtLeader(20, 22);
    warming(leader, leading).round();
    ofReplica.round();
    assertThat(text(readAtReplica("k20").what())).isEqualTo("meanwhile");
    assertThat(text(readAtReplica("k21").what())).isEqualTo("v21");
  }

  private void written(String key, long version, String text) {
    Write write = new Write(key(key), new Version(version), value(text));
    replica.engine.apply(new Mutation.Written(write));
  }

  @Test
  void noMoreThanHalfOfTheMemoryIsFilled() throws Exception {
    EngineFixture small = EngineFixture.of(settings().maxBytes(1 << 16));
    IntStream.range(0, ROWS)
        .forEach(i -> small.store.insert(key("k" + i), 1, value("v".repeat(400))));
    small.engine.follow(ReadGuard.ALWAYS);
    readAtLeader(0, ROWS);
    warming(leader, leading).round();
    Warming warming = warming(small, following);
    warming.round();
    long loaded = small.engine.statistics().reads().ahead();
    assertThat(loaded).isBetween(50L, 150L);
    warming.round();
    assertThat(small.engine.statistics().reads().ahead()).isEqualTo(loaded);
  }

  @Test
  void aLeaderThatDoesNotAnswerAndADatabaseThatDoesNotAreAskedAgain() throws Exception {
    ofReplica.round();
    assertThat(ofReplica.listed()).isZero();
    readAtLeader(0, 10);
    warming(leader, leading).round();
    replica.store.goDown();
    ofReplica.round();
    assertThat(replica.engine.statistics().reads().ahead()).isZero();
    replica.store.heal();
    ofReplica.round();
    assertThat(replica.engine.statistics().reads().ahead()).isEqualTo(10);
    replica.engine.stepDown("the test ends");
    ofReplica.round();
  }

  @Test
  void aServerThatStartsAloneLoadsTheListThatItHasKept() throws Exception {
    RaftDirectory.open(directory, "group", "127.0.0.1", 8401);
    Warming before = warming(leader, leading);
    before.round();
    readAtLeader(0, 120);
    before.close();
    assertThat(new HotKeyFile(directory).read(SHARD)).hasSize(120);

    FakeGroup alone = new FakeGroup();
    alone.leads = true;
    Warming after = warming(replica, alone);
    replica.engine.leadWithoutWrites(
        replica.journal, replica.versions, ReadGuard.ALWAYS, "not confirmed yet");
    after.round();
    assertThat(replica.engine.statistics().reads().ahead())
        .as("what is clean is not kept yet")
        .isZero();
    lead(2);
    after.round();
    assertThat(replica.engine.statistics().reads().ahead()).isEqualTo(120);
    assertThat(replica.isResident("k119")).isTrue();
    after.round();
    assertThat(replica.store.statements).hasSize(2);
  }

  @Test
  void aRowThatCannotBeReadHoldsUpNoOther() throws Exception {
    RaftDirectory.open(directory, "group", "127.0.0.1", 8401);
    replica.store.insert(key("k3"), 1, value("v".repeat((int) BackingStore.MOST_BYTES)));
    replica.store.beforeLoad =
        k -> {
          if (k.equals(key("k3"))) {
            throw new StoreUnavailableException("its expiry is none", new IllegalStateException());
          }
        };
    readAtLeader(0, 10);
    warming(leader, leading).round();
    ofReplica.round();
    ofReplica.round();
    assertThat(replica.engine.statistics().reads().ahead()).isEqualTo(9);
    ofReplica.close();
    assertThat(new HotKeyFile(directory).read(SHARD)).as("it is warm").hasSize(9);
  }

  @Test
  void aListThatWasNotLoadedToItsEndIsNotReplacedByAShorterOne() throws Exception {
    RaftDirectory.open(directory, "group", "127.0.0.1", 8401);
    new HotKeyFile(directory).write(SHARD, List.of(Key.of("k1"), Key.of("k2")));
    leader.store.goDown();
    Warming warming = warming(leader, leading);
    warming.round();
    leader.store.heal();
    leader.get("k9");
    warming.close();
    assertThat(new HotKeyFile(directory).read(SHARD)).hasSize(2);
  }
}
