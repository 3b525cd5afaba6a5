package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.entity.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is found at the start when the last write, or any byte before it, is not as it was. */
class SegmentCrashTest {

  /** Room for a few frames behind the header's page. */
  private static final int SEGMENT_BYTES = 4_096 + 1_024;

  @TempDir Path temporary;
  private Path log;

  @BeforeEach
  void aDirectory() {
    log = temporary.resolve("log");
  }

  enum Last {
    APPEND(log -> log.appendEntries(List.of(TestLog.data(39, 30), TestLog.data(40, 20)))),
    TRUNCATE_SUFFIX(log -> log.truncateSuffix(36)),
    TRUNCATE_PREFIX(log -> log.truncatePrefix(37)),
    RESET(log -> log.reset(60));

    private final Consumer<SegmentLogStorage> change;

    Last(Consumer<SegmentLogStorage> change) {
      this.change = change;
    }
  }

  /** In a file that was in use before, so that the old frames are beneath and behind the last. */
  @ParameterizedTest
  @EnumSource(Last.class)
  void aFrameOfWhichAnyByteIsMissingIsDroppedAndNothingElse(Last last) throws Exception {
    SegmentLogStorage storage = inReusedFiles();
    List<String> before = TestLog.contents(storage);
    Path segment = TestLog.newest(log);
    byte[] old = Files.readAllBytes(segment);
    // Segments are cleared away only once the frame that drops them is on disk.
    Path base = temporary.resolve("base");
    TestLog.copy(log, base);
    last.change.accept(storage);
    List<String> after = TestLog.contents(storage);
    assertThat(TestLog.newest(log)).isEqualTo(segment);
    byte[] whole = Files.readAllBytes(segment);
    storage.shutdown();
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(after);

    int start = endBeforeLast(old, false);
    SegmentFrame frame =
        SegmentFrame.at(ByteBuffer.wrap(whole), start, ByteBuffer.wrap(whole).getLong(24));
    assertThat(frame).isNotNull();
    Random random = new Random(7);
    for (int cut = start; cut < frame.end(); cut++) {
      byte[] torn = old.clone();
      System.arraycopy(whole, start, torn, start, cut - start);
      byte[] late = whole.clone();
      System.arraycopy(old, start, late, start, cut + 1 - start);
      byte[] garbled = whole.clone();
      garbled[cut] ^= (byte) (1 + random.nextInt(255));
      byte[] zeros = whole.clone();
      Arrays.fill(zeros, cut, zeros.length, (byte) 0);
      for (byte[] content : List.of(torn, late, garbled, zeros)) {
        // What was there before may be, by chance, what the frame put there.
        if (!Arrays.equals(content, start, frame.end(), whole, start, frame.end())) {
          startsWith(base, before, content, segment);
        }
      }
    }
  }

  /** And goes on from there, twice. */
  private void startsWith(Path base, List<String> expected, byte[] content, Path segment)
      throws IOException {
    Path copy = temporary.resolve("copy");
    TestLog.copy(base, copy);
    Files.write(copy.resolve(log.relativize(segment)), content);
    SegmentLogStorage storage = TestLog.open(copy, SEGMENT_BYTES);
    assertThat(TestLog.contents(storage)).isEqualTo(expected);
    long next = storage.getLastLogIndex() + 1;
    storage.appendEntries(List.of(TestLog.data(next, 1)));
    List<String> appended = TestLog.contents(storage);
    storage.shutdown();
    assertThat(TestLog.contentsOf(copy, SEGMENT_BYTES)).isEqualTo(appended);
  }

  @Test
  void aFlippedBitBeforeTheLastFrameIsRefusedAndChangesNothing() throws Exception {
    inReusedFiles().shutdown();
    List<String> contents = TestLog.contentsOf(log, SEGMENT_BYTES);
    List<Path> segments = SegmentRecovery.segmentsIn(log.resolve("segments"));
    assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
    int refused = 0;
    for (Path segment : segments) {
      byte[] good = Files.readAllBytes(segment);
      int end = endBeforeLast(good, segment.equals(segments.getLast()));
      try (FileChannel channel =
          FileChannel.open(segment, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
        for (int at = 0; at < end; at++) {
          flip(channel, good, at);
          int where = at;
          assertThatThrownBy(() -> TestLog.open(log, SEGMENT_BYTES))
              .as(() -> segment + " " + where)
              .isInstanceOf(JournalDirectoryException.class)
              .hasMessageMatching("(?s).*(is damaged at byte \\d+|is in format).*");
          restore(channel, good, at);
          refused++;
        }
      }
      assertThat(Files.readAllBytes(segment)).isEqualTo(good);
    }
    assertThat(refused).isGreaterThan(3 * 4_096);
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
  }

  private static void flip(FileChannel channel, byte[] good, int at) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {(byte) (good[at] ^ (1 << (at % 8)))}), at);
  }

  private static void restore(FileChannel channel, byte[] good, int at) throws IOException {
    channel.write(ByteBuffer.wrap(good, at, 1), at);
  }

  /** Where the frames end, or the last of them begins. */
  private static int endBeforeLast(byte[] segment, boolean beforeLast) {
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    int end = SegmentHeader.BYTES;
    int last = end;
    SegmentFrame frame;
    while ((frame = SegmentFrame.at(bytes, end, bytes.getLong(24))) != null) {
      last = end;
      end = frame.end();
    }
    return beforeLast ? last : end;
  }

  @Test
  void aSegmentThatIsMissingOrAnotherOnesIsRefused() throws Exception {
    inReusedFiles().shutdown();
    Path copy = temporary.resolve("copy");
    List<Path> segments = SegmentRecovery.segmentsIn(log.resolve("segments"));
    for (int i = 0; i < segments.size() - 1; i++) {
      TestLog.copy(log, copy);
      Files.delete(copy.resolve(log.relativize(segments.get(i))));
      refused(copy);
      TestLog.copy(log, copy);
      Files.copy(
          segments.getLast(),
          copy.resolve(log.relativize(segments.get(i))),
          StandardCopyOption.REPLACE_EXISTING);
      refused(copy);
      TestLog.copy(log, copy);
      try (FileChannel channel =
          FileChannel.open(
              copy.resolve(log.relativize(segments.get(i))), StandardOpenOption.WRITE)) {
        channel.truncate(SEGMENT_BYTES - 1);
      }
      refused(copy);
    }
    TestLog.copy(log, copy);
    TestLog.delete(copy.resolve("segments"));
    refused(copy);
    Files.createDirectory(copy.resolve("segments"));
    refused(copy);
  }

  private static void refused(Path directory) {
    assertThatThrownBy(() -> TestLog.open(directory, SEGMENT_BYTES))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining(JournalDirectoryException.WHAT_TO_DO);
  }

  @Test
  void aFrameThatIsLargerThanASegmentHasAFileOfItsOwn() throws Exception {
    SegmentLogStorage storage = inReusedFiles();
    storage.appendEntries(List.of(TestLog.data(39, 3 << 20), TestLog.data(40, 5)));
    for (long index = 41; index <= 46; index++) {
      storage.appendEntries(List.of(TestLog.data(index, 900)));
    }
    List<String> contents = TestLog.contents(storage);
    storage.shutdown();
    storage = TestLog.open(log, SEGMENT_BYTES);
    assertThat(TestLog.contents(storage)).isEqualTo(contents);
    storage.truncatePrefix(47);
    storage.shutdown();
    try (Stream<Path> files = Files.list(log.resolve("segments"))) {
      assertThat(files.mapToLong(file -> file.toFile().length()).max()).hasValue(SEGMENT_BYTES);
    }
  }

  /** So that this, which has what an earlier version does not read, is the last that it meets. */
  @Test
  void aLogOfAnEarlierVersionGoesOnInANewSegment() throws Exception {
    inReusedFiles().shutdown();
    List<String> contents = TestLog.contentsOf(log, SEGMENT_BYTES);
    Path old = TestLog.newest(log);
    ByteBuffer page = ByteBuffer.wrap(Files.readAllBytes(old));
    SegmentHeader header = Objects.requireNonNull(SegmentHeader.read(page, "it"));
    SegmentHeader first =
        new SegmentHeader(
            1,
            header.sequence(),
            header.salt(),
            header.size(),
            header.previousSalt(),
            header.previousEnd(),
            header.first(),
            header.next());
    Files.write(old, page.put(0, first.page().array()).array());
    for (int i = 0; i < 2; i++) {
      assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
      Path next = TestLog.newest(log);
      assertThat(SegmentRecovery.segmentsIn(log.resolve("segments")))
          .endsWith(old, next)
          .doesNotHaveDuplicates();
      ByteBuffer begun = ByteBuffer.wrap(Files.readAllBytes(next));
      assertThat(SegmentHeader.read(begun, "it"))
          .extracting(SegmentHeader::version)
          .isEqualTo(SegmentHeader.VERSION);
    }
  }

  @Test
  void theSameDirectoryIsNotOpenedTwice() {
    SegmentLogStorage storage = TestLog.open(log, SEGMENT_BYTES);
    assertThatThrownBy(() -> TestLog.open(log, SEGMENT_BYTES))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("in use");
    storage.shutdown();
  }

  @Test
  void aFileThatIsUsedAnewYieldsNoneOfItsOldEntries() throws Exception {
    SegmentLogStorage storage = inReusedFiles();
    byte[] bytes = Files.readAllBytes(TestLog.newest(log));
    int end = endBeforeLast(bytes, false);
    int behind = 0;
    for (int at = end; at < bytes.length; at++) {
      behind += bytes[at] == 0 ? 0 : 1;
    }
    assertThat(behind).as("bytes of the earlier use behind the last frame").isPositive();
    List<String> contents = TestLog.contents(storage);
    storage.shutdown();
    assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(contents);
  }

  /** Even one who knew the salt; frames of this file, of its earlier use, and of other segments. */
  @Test
  void aValueThatImitatesAFrameIsNoneEvenInATornFrame() throws Exception {
    SegmentLogStorage storage = inReusedFiles();
    List<byte[]> imitations = new ArrayList<>();
    for (Path segment : SegmentRecovery.segmentsIn(log.resolve("segments"))) {
      byte[] bytes = Files.readAllBytes(segment);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      SegmentFrame frame = SegmentFrame.at(buffer, SegmentHeader.BYTES, buffer.getLong(24));
      imitations.add(Arrays.copyOfRange(bytes, frame.offset(), frame.end()));
    }
    for (byte[] imitation : imitations) {
      List<String> before = TestLog.contents(storage);
      long next = storage.getLastLogIndex() + 1;
      storage.appendEntries(List.of(TestLog.data(next, 1, imitation)));
      List<String> after = TestLog.contents(storage);
      storage.shutdown();
      assertThat(TestLog.contentsOf(log, SEGMENT_BYTES)).isEqualTo(after);
      Path segment = TestLog.newest(log);
      byte[] torn = Files.readAllBytes(segment);
      int at = endBeforeLast(torn, true);
      torn[at + SegmentFrame.HEAD + 2] ^= 1;
      startsWith(log, before, torn, segment);
      storage = TestLog.open(log, SEGMENT_BYTES);
    }
    storage.shutdown();
  }

  /**
   * Four segments or so, the newest in a file that held others before, with every kind of frame.
   */
  private SegmentLogStorage inReusedFiles() throws IOException {
    SegmentLogStorage storage = TestLog.open(log, SEGMENT_BYTES);
    for (long index = 1; index <= 24; index++) {
      storage.appendEntries(List.of(TestLog.data(index, 120)));
    }
    Set<Object> used = inodes();
    storage.truncatePrefix(25);
    await().until(() -> SegmentRecovery.segmentsIn(log.resolve("segments")).size() == 1);
    await().until(() -> spares() == SpareFiles.MOST);
    storage.reset(24);
    storage.appendEntries(List.of(TestLog.configuration(24, 2, TestLog.ONE)));
    for (long index = 25; index <= 38; index++) {
      LogEntry entry = TestLog.data(index, 100);
      entry.setChecksum(entry.checksum());
      storage.appendEntries(List.of(entry));
      if (index == 36) {
        storage.truncateSuffix(34);
        index = 34;
        storage.appendEntries(List.of(TestLog.noOp(35, 3), TestLog.data(36, 100)));
        index = 36;
      }
    }
    assertThat(used).contains(Files.getAttribute(TestLog.newest(log), "unix:ino"));
    return storage;
  }

  private Set<Object> inodes() throws IOException {
    Set<Object> found = new HashSet<>();
    for (Path file : SegmentRecovery.segmentsIn(log.resolve("segments"))) {
      found.add(Files.getAttribute(file, "unix:ino"));
    }
    return found;
  }

  private long spares() throws IOException {
    try (Stream<Path> files = Files.list(log.resolve("segments"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("spare-")).count();
    }
  }
}
