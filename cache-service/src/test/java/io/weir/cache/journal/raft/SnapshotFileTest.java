package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = write(100);
    assertThat(SnapshotFile.verify(file)).isEqualTo(7);
    List<Write> read = new ArrayList<>();
    try (SnapshotFile.Reader reader = SnapshotFile.read(file)) {
      reader.forEachRemaining(read::add);
    }
    assertThat(read).hasSize(100);
    assertThat(read.get(0).isDelete()).isTrue();
    assertThat(read.get(99).key()).isEqualTo(Key.of("key-99"));
    assertThat(read.get(99).version()).isEqualTo(new Version(99));
  }

  @Test
  void anEmptyDirtySetIsASnapshotToo() throws IOException {
    Path file = write(0);
    assertThat(SnapshotFile.verify(file)).isEqualTo(7);
    try (SnapshotFile.Reader reader = SnapshotFile.read(file)) {
      assertThat(reader.hasNext()).isFalse();
    }
  }

  @Test
  void anyDamageIsFound() throws IOException {
    Path file = write(3);
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

  private Path write(int count) throws IOException {
    List<Write> dirty = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Value value = i % 3 == 0 && i < 99 ? null : new Value(new byte[i], "a/b", Value.NEVER);
      dirty.add(new Write(Key.of("key-" + i), new Version(i), value));
    }
    Path file = directory.resolve("dirty");
    assertThat(SnapshotFile.write(file, 7, dirty)).isEqualTo(Files.size(file));
    return file;
  }
}
