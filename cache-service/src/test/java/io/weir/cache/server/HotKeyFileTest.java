package io.weir.cache.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.model.Key;
import io.weir.model.ShardId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of hot keys, as bytes, as parts and as a file. */
class HotKeyFileTest {

  private static final ShardId SHARD = ShardId.random();
  private static final ShardId OTHER = ShardId.random();
  private static final List<Key> KEYS = List.of(Key.of("a"), Key.of("zwölf"), Key.of("b"));

  @TempDir private Path directory;
  private HotKeyFile file;
  private Path path;

  @BeforeEach
  void make() {
    file = new HotKeyFile(directory);
    path = directory.resolve(HotKeyFile.NAME);
  }

  private void beginJournal() {
    RaftDirectory.open(directory, "group", "127.0.0.1", 8401);
  }

  @Test
  void whatWasWrittenIsReadInItsOrderAndForItsOwnerAlone() throws IOException {
    beginJournal();
    assertThat(file.read(SHARD)).isEmpty();
    file.write(SHARD, KEYS);
    assertThat(file.read(SHARD)).isEqualTo(KEYS);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    file.write(SHARD, List.of(Key.of("c")));
    assertThat(file.read(SHARD)).containsExactly(Key.of("c"));
  }

  @Test
  void nothingIsWrittenWhereThereIsNoJournal() {
    file.write(SHARD, KEYS);
    assertThat(path).doesNotExist();
  }

  @Test
  void theFileOfAnotherShardIsPassedOver() {
    beginJournal();
    file.write(OTHER, KEYS);
    assertThat(file.read(SHARD)).isEmpty();
  }

  @Test
  void aDamagedFileIsPassedOverWhereverTheDamageIs() throws IOException {
    byte[] sound = HotKeyList.encode(SHARD, KEYS);
    for (int i = 0; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= 0x41;
      Files.write(path, damaged);
      assertThat(file.read(SHARD)).as("byte %d", i).isEmpty();
    }
    for (int length = 0; length < sound.length; length++) {
      Files.write(path, Arrays.copyOf(sound, length));
      assertThat(file.read(SHARD)).as("%d bytes", length).isEmpty();
    }
    Files.write(path, new byte[HotKeyList.MOST_FILE_BYTES + 1]);
    assertThat(file.read(SHARD)).isEmpty();
    Files.delete(path);
    Files.createDirectory(path);
    assertThat(file.read(SHARD)).isEmpty();
  }

  @Test
  void aListSaysWhyItIsNone() {
    assertThatThrownBy(() -> HotKeyList.decode(OTHER, HotKeyList.encode(SHARD, KEYS)))
        .hasMessage("it is of shard " + SHARD);
    assertThatThrownBy(() -> HotKeyList.decode(SHARD, "WEIRHOT1....".getBytes(UTF_8)))
        .hasMessage("its checksum does not match");
    assertThatThrownBy(() -> HotKeyList.decode(SHARD, new byte[100]))
        .hasMessage("it is no list of keys");
  }

  @Test
  void partsMakeTheWholeAndAreMadeAnewWhenOld() {
    List<Key> many = IntStream.range(0, 20_000).mapToObj(i -> Key.of("key-" + i)).toList();
    List<List<Key>> lists = new ArrayList<>(List.of(many, KEYS));
    long[] now = {5};
    HotKeyPages pages = new HotKeyPages(() -> lists.removeFirst(), 10, () -> now[0]);

    List<Key> read = new ArrayList<>();
    int part = 0;
    for (byte[] page; (page = pages.page(SHARD, part)).length > 0; part++) {
      read.addAll(HotKeyList.decode(SHARD, page));
    }
    assertThat(part).isEqualTo(3);
    assertThat(read).isEqualTo(many);
    now[0] += 10;
    assertThat(HotKeyList.decode(SHARD, pages.page(SHARD, 0))).startsWith(Key.of("key-0"));
    now[0]++;
    assertThat(HotKeyList.decode(SHARD, pages.page(SHARD, 0))).isEqualTo(KEYS);
    assertThat(pages.page(SHARD, 1)).isEmpty();
    assertThat(pages.page(SHARD, -1)).isEmpty();
  }
}
