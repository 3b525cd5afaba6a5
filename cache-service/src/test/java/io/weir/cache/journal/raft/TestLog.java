package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Logs of one segment storage, and what is in them as lines. */
final class TestLog {

  static final PeerId ONE = new PeerId("127.0.0.1", 1, 1);
  static final PeerId TWO = new PeerId("127.0.0.1", 2, 2);

  private TestLog() {}

  static LogStorageOptions options(ConfigurationManager configurations) {
    LogStorageOptions options = new LogStorageOptions();
    options.setGroupId("g");
    options.setConfigurationManager(configurations);
    options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
    return options;
  }

  static SegmentLogStorage open(Path directory, int segmentBytes) {
    return open(directory, segmentBytes, new ConfigurationManager());
  }

  static SegmentLogStorage open(
      Path directory, int segmentBytes, ConfigurationManager configurations) {
    SegmentLogStorage log =
        new SegmentLogStorage(
            directory,
            segmentBytes,
            e -> {
              throw new AssertionError(e);
            });
    log.init(options(configurations));
    return log;
  }

  static LogEntry data(long index, int bytes) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) index);
    return data(index, 1, data);
  }

  static LogEntry data(long index, long term, byte[] data) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(index, term));
    entry.setData(ByteBuffer.wrap(data));
    return entry;
  }

  static LogEntry configuration(long index, long term, PeerId... peers) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
    entry.setId(new LogId(index, term));
    entry.setPeers(List.of(peers));
    return entry;
  }

  static LogEntry noOp(long index, long term) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_NO_OP);
    entry.setId(new LogId(index, term));
    return entry;
  }

  static String line(LogEntry entry) {
    ByteBuffer data = entry.getData() == null ? ByteBuffer.allocate(0) : entry.getData();
    return entry.getId()
        + " "
        + entry.getType()
        + " "
        + data.remaining()
        + ":"
        + data.duplicate().hashCode()
        + " "
        + entry.getPeers()
        + entry.getOldPeers()
        + entry.getLearners()
        + entry.getOldLearners();
  }

  /** All that the log answers, and that it has nothing around its entries. */
  static List<String> contents(LogStorage log) {
    long first = log.getFirstLogIndex();
    long last = log.getLastLogIndex();
    List<String> lines = new ArrayList<>();
    lines.add("from " + first + " to " + last);
    for (long index = Math.max(0, first - 2); index <= Math.max(first, last) + 2; index++) {
      LogEntry entry = log.getEntry(index);
      lines.add(entry == null ? "none " + index : line(entry));
      long term = entry == null ? 0 : entry.getId().getTerm();
      if (log.getTerm(index) != term) {
        lines.add("term " + log.getTerm(index));
      }
    }
    return lines;
  }

  static List<String> contentsOf(Path directory, int segmentBytes) {
    SegmentLogStorage log = open(directory, segmentBytes);
    try {
      return contents(log);
    } finally {
      log.shutdown();
    }
  }

  static Path newest(Path directory) throws IOException {
    return SegmentRecovery.segmentsIn(directory.resolve("segments")).getLast();
  }

  static void copy(Path from, Path to) throws IOException {
    delete(to);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path file : all.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
