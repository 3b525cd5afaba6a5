package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void whatIsWrittenIsRead(int format) throws IOException {
    Path file = write(100, format);
    assertThat(SnapshotFile.verify(file)).isEqualTo(new SnapshotFile.Header(format, 7));
    List<Write> read = new ArrayList<>();
    try (SnapshotFile.Reader reader = SnapshotFile.read(file)) {
      reader.forEachRemaining(mutation -> read.add(((Mutation.Written) mutation).write()));
    }
    assertThat(read).hasSize(100);
    assertThat(read.get(0).isDelete()).isTrue();
    assertThat(read.get(99).key()).isEqualTo(Key.of("key-99"));
    assertThat(read.get(99).version()).isEqualTo(new Version(99));
  }

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void anEmptyDirtySetIsASnapshotToo(int format) throws IOException {
    Path file = write(0, format);
    assertThat(SnapshotFile.verify(file)).isEqualTo(new SnapshotFile.Header(format, 7));
    try (SnapshotFile.Reader reader = SnapshotFile.read(file)) {
      assertThat(reader.hasNext()).isFalse();
    }
  }

  @Test
  void aSnapshotOfALaterVersionSaysWhichFormatItNeeds() throws IOException {
    Path file = write(3, JournalFormat.SECOND);
    byte[] later = Files.readAllBytes(file);
    later[Long.BYTES] = JournalFormat.HIGHEST + 1;
    CRC32C checksum = new CRC32C();
    checksum.update(later, 0, later.length - Integer.BYTES);
    ByteBuffer.wrap(later).putInt(later.length - Integer.BYTES, (int) checksum.getValue());
    Files.write(file, later);
    assertThatThrownBy(() -> SnapshotFile.verify(file))
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining("start a version that reads format " + (JournalFormat.HIGHEST + 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {JournalFormat.FIRST, JournalFormat.SECOND})
  void anyDamageIsFound(int format) throws IOException {
    Path file = write(3, format);
    byte[] intact = Files.readAllBytes(file);
    for (int i = 0; i < intact.length; i++) {
      byte[] damaged = intact.clone();
      damaged[i] ^= 4;
      Files.write(file, damaged);
      assertThatThrownBy(() -> SnapshotFile.verify(file))
          .as("byte %d", i)
          .isInstanceOf(IOException.class);
      Files.write(file, Arrays.copyOf(intact, i));
      assertThatThrownBy(() -> SnapshotFile.verify(file))
          .as("cut at %d", i)
          .isInstanceOf(IOException.class);
    }
  }

  private Path write(int count, int format) throws IOException {
    List<Mutation> dirty = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Value value = i % 3 == 0 && i < 99 ? null : new Value(new byte[i], "a/b", Value.NEVER);
      dirty.add(new Mutation.Written(new Write(Key.of("key-" + i), new Version(i), value)));
    }
    Path file = directory.resolve("dirty");
    assertThat(SnapshotFile.write(file, new SnapshotFile.Header(format, 7), dirty))
        .isEqualTo(Files.size(file));
    return file;
  }
}
