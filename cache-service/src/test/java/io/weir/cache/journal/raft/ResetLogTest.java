package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.core.NodeMetrics;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogManagerOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogManager.StableClosure;
import com.alipay.sofa.jraft.storage.impl.LogManagerImpl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * JRaft over a log that it has reset, as it does where it installs a snapshot over entries that are
 * not the leader's, and over the same log once it is started again.
 */
@Timeout(60)
class ResetLogTest {

  private static final int SEGMENT_BYTES = 64 << 10;
  private static final SnapshotMeta INSTALLED =
      SnapshotMeta.newBuilder()
          .setLastIncludedIndex(7)
          .setLastIncludedTerm(2)
          .addPeers(TestLog.ONE.toString())
          .build();

  static {
    JraftProperties.set();
  }

  @TempDir Path directory;
  private SegmentLogStorage storage;

  @Test
  void aRestartGoesOnBehindTheSnapshot() throws InterruptedException {
    LogManagerImpl jraft = start();
    append(jraft, 1, 9, 1);
    jraft.setSnapshot(INSTALLED);
    assertHolds(jraft, 8, 7);
    stop(jraft);

    jraft = restart();
    assertHolds(jraft, 8, 7);
    append(jraft, 8, 9, 2);
    stop(jraft);

    jraft = restart();
    assertHolds(jraft, 8, 9);
    assertThat(jraft.getLastLogId(true)).isEqualTo(new LogId(9, 2));
    stop(jraft);
  }

  /** What came after the snapshot is there as well. */
  @Test
  void whatFollowsTheSnapshotIsThereAfterARestart() throws InterruptedException {
    LogManagerImpl jraft = start();
    append(jraft, 1, 9, 1);
    jraft.setSnapshot(INSTALLED);
    append(jraft, 8, 12, 2);
    stop(jraft);

    jraft = restart();
    assertHolds(jraft, 8, 12);
    for (long index = 8; index <= 12; index++) {
      assertThat(jraft.getTerm(index)).isEqualTo(2);
    }
    stop(jraft);
  }

  private LogManagerImpl start() {
    storage =
        new SegmentLogStorage(
            directory,
            SEGMENT_BYTES,
            e -> {
              throw new AssertionError(e);
            });
    LogManagerOptions options = new LogManagerOptions();
    options.setGroupId("g");
    options.setLogStorage(storage);
    options.setConfigurationManager(new ConfigurationManager());
    options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
    options.setNodeMetrics(new NodeMetrics(false));
    options.setRaftOptions(new RaftOptions());
    options.setDisruptorBufferSize(64);
    LogManagerImpl jraft = new LogManagerImpl();
    assertThat(jraft.init(options)).isTrue();
    return jraft;
  }

  /** As a node does: it loads its snapshot, and takes the log only if it follows that. */
  private LogManagerImpl restart() {
    LogManagerImpl jraft = start();
    jraft.setSnapshot(INSTALLED);
    Status consistent = jraft.checkConsistency();
    assertThat(consistent.isOk()).as(consistent.toString()).isTrue();
    return jraft;
  }

  private void stop(LogManagerImpl jraft) throws InterruptedException {
    jraft.shutdown();
    jraft.join();
    storage.shutdown();
  }

  private static void append(LogManagerImpl jraft, long first, long last, long term) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = first; index <= last; index++) {
      entries.add(TestLog.data(index, term, new byte[100]));
    }
    CompletableFuture<Status> stable = new CompletableFuture<>();
    jraft.appendEntries(
        entries,
        new StableClosure(entries) {
          @Override
          public void run(Status status) {
            stable.complete(status);
          }
        });
    assertThat(stable.join().isOk()).isTrue();
  }

  private static void assertHolds(LogManagerImpl jraft, long first, long last) {
    assertThat(jraft.getFirstLogIndex()).isEqualTo(first);
    assertThat(jraft.getLastLogIndex(true)).isEqualTo(last);
  }
}
