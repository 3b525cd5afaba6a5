package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log of an earlier version, in RocksDB, and one that an earlier version must not take. */
@Timeout(600)
class LogConversionTest {

  private static final int SEGMENT_BYTES = SegmentProcess.SEGMENT_BYTES;

  @TempDir Path temporary;
  private Path log;

  @BeforeEach
  void aDirectory() {
    log = temporary.resolve("log");
  }

  @Test
  void allEntriesAreTakenOverAndAConfigurationThatWasTruncatedIsNot() throws IOException {
    RocksDBLogStorage old = rocksDb();
    old.appendEntries(List.of(TestLog.configuration(1, 1, TestLog.ONE), TestLog.noOp(2, 1)));
    for (long index = 3; index <= 400; index++) {
      LogEntry entry = TestLog.data(index, (int) (index * 3));
      entry.setChecksum(entry.checksum());
      old.appendEntries(List.of(entry));
    }
    old.appendEntries(
        List.of(TestLog.configuration(401, 1, TestLog.ONE, TestLog.TWO), TestLog.data(402, 3)));
    old.truncateSuffix(400);
    old.appendEntries(List.of(TestLog.data(401, 2, new byte[7])));
    old.truncatePrefix(1);
    List<String> contents = TestLog.contents(old);
    old.shutdown();

    ConfigurationManager configurations = new ConfigurationManager();
    SegmentLogStorage converted = TestLog.open(log, SEGMENT_BYTES, configurations);
    assertThat(TestLog.contents(converted)).isEqualTo(contents);
    assertThat(configurations.getLastConfiguration().getConf().listPeers())
        .containsExactly(TestLog.ONE);
    converted.shutdown();
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
    assertThat(names()).containsOnly("CURRENT", "lock", "segments");
  }

  private SegmentLogStorage convertedToNoEntryBefore(long next) {
    SegmentLogStorage converted = TestLog.open(log, SEGMENT_BYTES);
    assertThat(converted.getFirstLogIndex()).isEqualTo(next);
    assertThat(converted.getLastLogIndex()).isZero();
    return converted;
  }

  @Test
  void anEmptyLogGoesOnWhereItEnded() {
    RocksDBLogStorage old = rocksDb();
    old.appendEntries(List.of(TestLog.data(1, 5), TestLog.data(2, 5)));
    old.truncatePrefix(9);
    old.shutdown();
    SegmentLogStorage converted = convertedToNoEntryBefore(9);
    converted.appendEntries(List.of(TestLog.data(9, 5)));
    converted.shutdown();
  }

  @Test
  void aLogThatWasResetHasNoEntry() {
    RocksDBLogStorage old = rocksDb();
    old.appendEntries(List.of(TestLog.data(1, 5), TestLog.data(2, 5)));
    old.reset(7);
    old.shutdown();
    convertedToNoEntryBefore(7).shutdown();
  }

  /** With what a start leaves that ends before the segments count, or right after. */
  @Test
  void aConversionThatEndedInItsMiddleIsBegunAnewOrFinished() throws IOException {
    RocksDBLogStorage old = rocksDb();
    for (long index = 1; index <= 50; index++) {
      old.appendEntries(List.of(TestLog.data(index, 4_000)));
    }
    List<String> contents = TestLog.contents(old);
    old.shutdown();
    Path before = temporary.resolve("before");
    TestLog.copy(log, before);
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
    Path after = temporary.resolve("after");
    TestLog.copy(log, after);

    TestLog.copy(before, log);
    TestLog.copy(after.resolve("segments"), log.resolve("segments"));
    Files.delete(TestLog.newest(log));
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).as("half").isEqualTo(contents);

    TestLog.copy(before, log);
    TestLog.copy(after.resolve("segments"), log.resolve("segments"));
    RocksDBLogStorage earlier = rocksDb();
    earlier.appendEntries(List.of(TestLog.data(51, 3)));
    List<String> more = TestLog.contents(earlier);
    earlier.shutdown();
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES))
        .as("an earlier version went on before the segments counted")
        .isEqualTo(more);

    TestLog.copy(before, log);
    TestLog.copy(after.resolve("segments"), log.resolve("segments"));
    Files.copy(
        after.resolve("CURRENT"), log.resolve("CURRENT"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).as("counts").isEqualTo(contents);
    assertThat(names()).containsOnly("CURRENT", "lock", "segments");
  }

  @Test
  void aKilledConversionLeavesEitherLog() throws Exception {
    RocksDBLogStorage old = rocksDb();
    List<LogEntry> entries = new ArrayList<>();
    for (long index = 1; index <= 4_000; index++) {
      entries.add(TestLog.data(index, SegmentProcess.bytesOf(index)));
    }
    old.appendEntries(entries);
    List<String> contents = TestLog.contents(old);
    old.shutdown();
    Path before = temporary.resolve("before");
    TestLog.copy(log, before);
    int killed = 0;
    for (int millis = 0; millis <= 1_200; millis += 200) {
      TestLog.copy(before, log);
      Process process = SegmentProcess.start(log, true);
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(output.readLine()).isEqualTo("opening");
        if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
          process.toHandle().destroyForcibly();
          killed++;
        }
        process.waitFor();
      }
      assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
    }
    assertThat(killed).isPositive();
  }

  @Test
  void anEarlierVersionRefusesSegmentsAndLeavesThemAlone() throws IOException {
    SegmentLogStorage storage = TestLog.open(log, SEGMENT_BYTES);
    storage.appendEntries(List.of(TestLog.configuration(1, 1, TestLog.ONE), TestLog.data(2, 9)));
    List<String> contents = TestLog.contents(storage);
    storage.shutdown();
    TreeMap<String, List<Byte>> files = files();

    RocksDBLogStorage earlier = LogConversion.rocksDb(log);
    assertThat(earlier.init(TestLog.options(new ConfigurationManager()))).isFalse();
    TreeMap<String, List<Byte>> left = files();
    left.keySet().removeIf(name -> name.matches("LOG(\\.old.*)?|LOCK"));
    assertThat(left.keySet()).isEqualTo(files.keySet());
    assertThat(left).isEqualTo(files);
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
  }

  @Test
  void aLogWhoseNamesAreLostIsRefused() throws IOException {
    RocksDBLogStorage old = rocksDb();
    old.appendEntries(List.of(TestLog.data(1, 5)));
    old.shutdown();
    Files.writeString(log.resolve("CURRENT"), "what");
    assertThatThrownBy(() -> TestLog.open(log, SEGMENT_BYTES))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("CURRENT is damaged");
    Files.delete(log.resolve("CURRENT"));
    assertThatThrownBy(() -> TestLog.open(log, SEGMENT_BYTES))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("has lost its file CURRENT");
  }

  private RocksDBLogStorage rocksDb() {
    RocksDBLogStorage old = LogConversion.rocksDb(log);
    assertThat(old.init(TestLog.options(new ConfigurationManager()))).isTrue();
    return old;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private TreeMap<String, List<Byte>> files() throws IOException {
    TreeMap<String, List<Byte>> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(log)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        List<Byte> bytes = new ArrayList<>();
        for (byte each : Files.readAllBytes(file)) {
          bytes.add(each);
        }
        contents.put(log.relativize(file).toString(), bytes);
      }
    }
    return contents;
  }
}
