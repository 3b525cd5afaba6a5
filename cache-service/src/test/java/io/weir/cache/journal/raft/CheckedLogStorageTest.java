package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import io.weir.cache.journal.ReadLease;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedLogStorageTest {

  private static final PeerId ONE = new PeerId("127.0.0.1", 1, 1);
  private static final PeerId TWO = new PeerId("127.0.0.1", 2, 2);

  @TempDir Path directory;
  private final TrippedListener listener = new TrippedListener();
  private final List<String> broken = listener.broken;
  private final FailStop failStop = listener.failStop();
  private final AtomicLong stored = new AtomicLong();
  private Runnable onStored = () -> {};
  private MemberStorage parts;
  private ConfigurationManager configurations = new ConfigurationManager();

  @Test
  void aConfigurationThatWasTruncatedDoesNotComeBackWithARestart() {
    CheckedLogStorage storage = open();
    assertThat(storage.appendEntries(List.of(configuration(1, ONE), data(2)))).isEqualTo(2);
    assertThat(storage.appendEntries(List.of(configuration(3, ONE, TWO), data(4)))).isEqualTo(2);
    assertThat(storage.truncateSuffix(2)).isTrue();
    assertThat(stored).hasValue(2);
    assertThat(storage.getLastLogIndex()).isEqualTo(2);
    storage.shutdown();
    CheckedLogStorage reopened = open();
    assertThat(configurations.getLastConfiguration().getConf().listPeers()).containsExactly(ONE);
    assertThat(reopened.appendEntries(List.of(data(3)))).isEqualTo(1);
    reopened.shutdown();
  }

  @Test
  void aGapBetweenEntriesEndsTheMemberAndNothingIsWrittenAfterIt() {
    CheckedLogStorage storage = open();
    assertThat(storage.appendEntries(List.of(data(1), data(2)))).isEqualTo(2);
    assertThatThrownBy(() -> storage.appendEntries(List.of(data(4))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(broken).hasSize(1);
    assertThat(storage.appendEntries(List.of(data(3)))).isZero();
    assertThat(storage.getLastLogIndex()).isEqualTo(2);
    storage.shutdown();
  }

  @Test
  void aSnapshotMayReachBeyondTheEndOfTheLog() {
    CheckedLogStorage storage = open();
    assertThat(storage.appendEntries(List.of(data(1)))).isEqualTo(1);
    assertThat(storage.truncatePrefix(10)).isTrue();
    assertThat(storage.appendEntries(List.of(data(10)))).isEqualTo(1);
    assertThat(broken).isEmpty();
    storage.shutdown();
  }

  /** As JRaft does where it installs a snapshot over entries that are not the leader's. */
  @Test
  void aLogThatIsResetGoesOnWithTheNextEntry() {
    CheckedLogStorage storage = open();
    assertThat(storage.appendEntries(List.of(configuration(1, ONE), data(2), data(3))))
        .isEqualTo(3);
    assertThat(storage.reset(5)).isTrue();
    assertThat(stored).hasValue(4);
    assertThat(storage.appendEntries(List.of(data(5)))).isEqualTo(1);
    assertThat(broken).isEmpty();
    assertThat(storage.getEntry(5).getData().remaining()).isEqualTo(10);
    assertThat(stored).hasValue(5);
    storage.shutdown();
  }

  @Test
  void aDiskThatAnswersNothingEndsTheMember() throws Exception {
    CheckedLogStorage storage = open();
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    onStored =
        () -> {
          written.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Thread log = Thread.ofPlatform().start(() -> storage.appendEntries(List.of(data(1))));
    written.await();
    try (Watchdog watchdog = new Watchdog(failStop, parts.watched())) {
      for (int look = 0; look <= Watchdog.PATIENCE; look++) {
        assertThat(broken).isEmpty();
        watchdog.look();
      }
    }
    assertThat(broken).containsExactly("the disk of the journal's log hangs");
    release.countDown();
    log.join();
    storage.shutdown();
  }

  private CheckedLogStorage open() {
    parts =
        new MemberStorage(
            failStop,
            new VoteGuard(
                ONE, 1, new ReadLease(Duration.ofSeconds(1), System::nanoTime), System::nanoTime),
            new Configurations(_ -> {}),
            new LastEntry(directory, InstantSource.system()),
            index -> {
              stored.set(index);
              onStored.run();
            });
    configurations = new ConfigurationManager();
    LogStorageOptions options = new LogStorageOptions();
    options.setGroupId("g");
    options.setConfigurationManager(configurations);
    options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
    CheckedLogStorage log =
        (CheckedLogStorage) parts.createLogStorage(directory.toString(), new RaftOptions());
    assertThat(log.init(options)).isTrue();
    return log;
  }

  private static LogEntry data(long index) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(index, 1));
    entry.setData(ByteBuffer.wrap(new byte[10]));
    return entry;
  }

  private static LogEntry configuration(long index, PeerId... peers) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
    entry.setId(new LogId(index, 1));
    entry.setPeers(List.of(peers));
    return entry;
  }
}
