package io.weir.cache.journal.raft;

import static io.weir.cache.journal.raft.TestMember.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import io.weir.testing.FreePorts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a group writes before and after it switches to another format; and what the first version of
 * Weir wrote, which is kept in resources and is read for ever.
 */
class JournalFormatTest {

  private static final long NO_SNAPSHOT = 1L << 40;

  @TempDir private Path directory;
  private final List<TestMember> started = new ArrayList<>();
  private final int port = FreePorts.next();

  @AfterEach
  void close() {
    started.forEach(TestMember::close);
  }

  @Test
  void aGroupWritesTheFirstFormatUntilItSwitches() {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    assertThat(member.journal.status().format()).isEqualTo(JournalFormat.FIRST);

    member.journal.switchFormat(member.awaitReign(), JournalFormat.SECOND).join();
    assertThat(member.journal.status().format()).isEqualTo(JournalFormat.SECOND);
    member.put("b", 2);
  }

  /** Another leader would give them again. */
  @Test
  void numbersSetAsideDoNotBindTheOneLeaderThatKnowsOfThem() {
    TestMember member = found(NO_SNAPSHOT);
    Mutation setAside = new Mutation.DatabaseState(1, 0, 1_000);
    Mutation wentBack = new Mutation.DatabaseState(1, 2, 1_000);
    member.append(setAside).join();
    member.append(wentBack).join();
    assertThat(member.dirty.others()).containsExactly(wentBack);

    member.journal.switchFormat(member.awaitReign(), JournalFormat.SECOND).join();
    member.append(setAside).join();
    assertThat(member.dirty.others()).containsExactly(wentBack, setAside);
  }

  @Test
  void aSwitchIsInTheLogAndInTheSnapshot() throws IOException {
    TestMember first = found(20_000);
    first.put("before", 1);
    first.journal.switchFormat(first.awaitReign(), JournalFormat.SECOND).join();
    first.put("after", 2);
    restart(first);
    TestMember second = found(20_000);
    second.awaitReign();
    assertThat(second.journal.status().format()).isEqualTo(JournalFormat.SECOND);
    assertThat(second.dirty.installs()).isZero();
    for (int i = 3; i <= 500; i++) {
      second.append(written("k" + i, i));
    }
    second.put("last", 1_000);
    await().until(() -> TestMember.snapshotsIn(directory) > 0);
    restart(second);
    TestMember third = found(20_000);
    third.awaitReign();
    assertThat(third.dirty.installs()).isEqualTo(1);
    assertThat(third.journal.status().format()).isEqualTo(JournalFormat.SECOND);
    assertThat(third.dirty.size()).isEqualTo(501);
  }

  @Test
  void aMemberThatMeetsALaterFormatStopsAndNamesIt() {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    int later = JournalFormat.HIGHEST + 1;
    var _ = member.journal.switchFormat(member.awaitReign(), later);
    await().until(() -> !member.broken.isEmpty());
    assertThat(member.broken)
        .containsExactly(
            "the group's journal is written in format 3, and this version of Weir reads format 2 at"
                + " most: start a version that reads format 3; the directory is intact");
  }

  @Test
  void anEntryOfTheFirstVersionIsRead() throws IOException {
    List<Mutation> mutations = EntryCodec.decode(ByteBuffer.wrap(recorded("format-1.entry")));

    assertThat(mutations).hasSize(5);
    assertWritten(mutations.get(0), "plain", 281474976710657L, "one", null, Value.NEVER);
    assertWritten(
        mutations.get(1),
        "typed käse",
        281474976710658L,
        "zwei",
        "text/plain; charset=utf-8",
        1_900_000_000_000L);
    assertThat(mutations.subList(2, 5))
        .containsExactly(
            new Mutation.Written(new Write(Key.of("deleted"), new Version(281474976710659L), null)),
            new Mutation.Flushed(Key.of("flushed"), new Version(281474976710660L)),
            new Mutation.Discarded(Key.of("discarded"), new Version(281474976710661L)));
    ByteBuffer written = EntryCodecPropertyTest.encoded(mutations, JournalFormat.FIRST);
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    assertThat(bytes)
        .as("what is written in the first format today")
        .isEqualTo(recorded("format-1.entry"));
  }

  @Test
  void aSnapshotOfTheFirstVersionIsRead() throws IOException {
    Path file = directory.resolve("dirty");
    Files.write(file, recorded("format-1.snapshot"));

    assertThat(SnapshotFile.verify(file))
        .isEqualTo(new SnapshotFile.Header(JournalFormat.FIRST, 7));
    List<Mutation> read = new ArrayList<>();
    try (SnapshotFile.Reader reader = SnapshotFile.read(file)) {
      reader.forEachRemaining(read::add);
    }
    assertThat(read).hasSize(3);
    Path again = directory.resolve("again");
    SnapshotFile.write(again, new SnapshotFile.Header(JournalFormat.FIRST, 7), read);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  /** A log of two terms' length with a snapshot in its middle: 100 keys written, 40 flushed. */
  @Test
  void aDirectoryOfTheFirstVersionIsOpened() throws IOException {
    unzip(recorded("format-1-directory.zip"));
    int recordedPort = 28_401;
    TestMember member =
        TestMember.at(
            recordedPort,
            TestMember.settings(RaftSettings.groupOf("recorded", 1), directory, port, NO_SNAPSHOT));
    started.add(member);
    member.journal.start(RaftJournal.Beginning.FOUND);

    assertThat(member.awaitReign().epoch()).isEqualTo(2);
    assertThat(member.dirty.installs()).isEqualTo(1);
    assertThat(member.dirty.size()).isEqualTo(59);
    assertThat(member.dirty.versionOf("key-40")).isZero();
    assertThat(member.dirty.versionOf("key-41")).isEqualTo(1_041);
    assertThat(member.dirty.versionOf("key-50")).isEqualTo(2_000);
    assertThat(Objects.requireNonNull(member.dirty.get("key-51")).isDelete()).isTrue();
    assertThat(member.dirty.versionOf("key-52")).isZero();
    assertThat(member.journal.status().format()).isEqualTo(JournalFormat.FIRST);
    member.journal.switchFormat(member.awaitReign(), JournalFormat.SECOND).join();
    member.put("new", 3_000);
  }

  private TestMember found(long snapshotAfterBytes) {
    TestMember member =
        TestMember.start(
            TestMember.settings(directory, port, snapshotAfterBytes), RaftJournal.Beginning.FOUND);
    started.add(member);
    return member;
  }

  private void restart(TestMember member) {
    member.close();
    started.remove(member);
  }

  private static void assertWritten(
      Mutation mutation,
      String key,
      long version,
      String value,
      @Nullable String type,
      long expires) {
    Write write = ((Mutation.Written) mutation).write();
    assertThat(write.key()).isEqualTo(Key.of(key));
    assertThat(write.version()).isEqualTo(new Version(version));
    Value held = Objects.requireNonNull(write.value());
    assertThat(held.bytes()).asString(UTF_8).isEqualTo(value);
    assertThat(held.contentType()).isEqualTo(type);
    assertThat(held.expiresAtMillis()).isEqualTo(expires);
  }

  private static byte[] recorded(String name) throws IOException {
    try (InputStream in = JournalFormatTest.class.getResourceAsStream("/journal/" + name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private void unzip(byte[] bytes) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(zip, file);
      }
    }
  }
}
