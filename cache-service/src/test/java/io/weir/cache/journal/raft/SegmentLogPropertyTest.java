package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Random changes of a log, against a map, and against JRaft's own storage. */
class SegmentLogPropertyTest {

  private static final int SEGMENT_BYTES = 12 << 10;
  private static final int MOST_DATA = 20 << 10;

  @TempDir Path directory;
  private final TreeMap<Long, LogEntry> model = new TreeMap<>();
  private long first = 1;
  private long next = 1;
  private long term = 1;

  @RepeatedTest(12)
  void theLogAnswersAsAMapDoes() {
    run(400, false);
  }

  @RepeatedTest(4)
  void theLogAnswersAsRocksDbDoes() {
    run(120, true);
  }

  private void run(int steps, boolean besideRocksDb) {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    SegmentLogStorage log = TestLog.open(directory.resolve("log"), SEGMENT_BYTES);
    LogStorage rocksDb = besideRocksDb ? rocksDb() : null;
    for (int step = 0; step < steps; step++) {
      String what = "seed " + seed + ", step " + step;
      int choice = random.nextInt(20);
      if (choice < 12) {
        List<LogEntry> entries = entries(random);
        assertThat(log.appendEntries(entries)).as(what).isEqualTo(entries.size());
        if (rocksDb != null) {
          rocksDb.appendEntries(entries);
        }
      } else if (choice < 14) {
        long kept = first - 1 + random.nextLong(next - first + 1);
        if (rocksDb != null && kept < first) {
          // JRaft's storage deletes a range then whose end is before its beginning.
          continue;
        }
        assertThat(log.truncateSuffix(kept)).as(what).isTrue();
        if (rocksDb != null) {
          rocksDb.truncateSuffix(kept);
        }
        model.tailMap(kept, false).clear();
        next = kept + 1;
        term++;
      } else if (choice < 17) {
        long kept = first + random.nextLong(next - first + 4);
        assertThat(log.truncatePrefix(kept)).as(what).isTrue();
        if (rocksDb != null) {
          rocksDb.truncatePrefix(kept);
        }
        model.headMap(kept).clear();
        first = kept;
        next = Math.max(next, kept);
      } else if (choice < 18) {
        next = first + random.nextLong(next - first + 4);
        first = next;
        model.clear();
        assertThat(log.reset(next)).as(what).isTrue();
        assertThat(TestLog.contents(log)).as(what).isEqualTo(expected());
        // Where a log was reset, RocksDB's has an entry of its own until the next one comes.
        List<LogEntry> entries = entries(random);
        log.appendEntries(entries);
        if (rocksDb != null) {
          rocksDb.reset(first);
          rocksDb.appendEntries(entries);
        }
      } else {
        log.shutdown();
        ConfigurationManager configurations = new ConfigurationManager();
        log = TestLog.open(directory.resolve("log"), SEGMENT_BYTES, configurations);
        assertThat(lines(configurations)).as(what).isEqualTo(expectedConfiguration());
        if (rocksDb != null) {
          rocksDb.shutdown();
          rocksDb = rocksDb();
        }
      }
      assertThat(TestLog.contents(log)).as(what).isEqualTo(expected());
      if (rocksDb != null) {
        // It deletes what was dropped in the background.
        LogStorage beside = rocksDb;
        await(what)
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(() -> assertThat(TestLog.contents(beside)).isEqualTo(expected()));
      }
    }
    log.shutdown();
    if (rocksDb != null) {
      rocksDb.shutdown();
    }
  }

  private RocksDBLogStorage rocksDb() {
    RocksDBLogStorage log = LogConversion.rocksDb(directory.resolve("rocksdb"));
    assertThat(log.init(TestLog.options(new ConfigurationManager()))).isTrue();
    return log;
  }

  private List<LogEntry> entries(Random random) {
    List<LogEntry> entries = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      LogEntry entry = entry(random, next++);
      if (random.nextInt(3) > 0) {
        entry.setChecksum(entry.checksum());
      }
      model.put(entry.getId().getIndex(), entry);
      entries.add(entry);
    }
    return entries;
  }

  private LogEntry entry(Random random, long index) {
    switch (random.nextInt(8)) {
      case 0:
        LogEntry configuration = TestLog.configuration(index, term, TestLog.ONE, TestLog.TWO);
        if (random.nextBoolean()) {
          configuration.setOldPeers(List.of(TestLog.ONE));
          configuration.setLearners(List.of(TestLog.TWO));
        }
        return configuration;
      case 1:
        return TestLog.noOp(index, term);
      default:
        byte[] data =
            new byte[random.nextInt(40) == 0 ? random.nextInt(MOST_DATA) : random.nextInt(600)];
        random.nextBytes(data);
        return TestLog.data(index, term, data);
    }
  }

  private List<String> expected() {
    List<String> lines = new ArrayList<>();
    long last = model.isEmpty() ? 0 : model.lastKey();
    lines.add("from " + first + " to " + last);
    for (long index = Math.max(0, first - 2); index <= Math.max(first, last) + 2; index++) {
      LogEntry entry = model.get(index);
      lines.add(entry == null ? "none " + index : TestLog.line(entry));
    }
    return lines;
  }

  private String expectedConfiguration() {
    return model.descendingMap().values().stream()
        .filter(entry -> entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION)
        .findFirst()
        .map(
            entry -> entry.getId() + " " + new Configuration(entry.getPeers(), entry.getLearners()))
        .orElse("none");
  }

  private static String lines(ConfigurationManager configurations) {
    ConfigurationEntry last = configurations.getLastConfiguration();
    return last.getConf().isEmpty() ? "none" : last.getId() + " " + last.getConf();
  }
}
