package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.store.RecordedReign;
import io.weir.cache.store.ShardRow;
import io.weir.model.ClusterId;
import io.weir.model.HashSlots;
import io.weir.model.ShardId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupMemoryTest {

  private static final String SECRET = "a secret that nobody else may read";

  @TempDir private Path directory;
  private final ShardRow row = row(3);
  private GroupMemory memory;

  private static ShardRow row(long generation) {
    return new ShardRow(
        ShardId.parse("11111111-2222-3333-4444-555555555555"),
        ClusterId.parse("99999999-2222-3333-4444-555555555555"),
        2,
        List.of(new SlotRange(0, 8_191)),
        generation,
        17,
        null,
        List.of("127.0.0.1:8401:7"),
        SECRET,
        11,
        RecordedReign.NONE);
  }

  @BeforeEach
  void beginJournal() throws IOException {
    RaftDirectory.open(
        directory, RaftSettings.groupOf(row.id().toString(), row.generation()), "127.0.0.1", 8401);
    Files.createDirectory(directory.resolve("log"));
    memory = new GroupMemory(directory);
  }

  @Test
  void whatIsRememberedIsRecalledByTheNextProcess() {
    assertThat(memory.isThere()).isFalse();
    memory.remember(row);
    assertThat(new GroupMemory(directory).recall()).contains(row);
    memory.remember(row);
    assertThat(memory.isThere()).isTrue();
  }

  @Test
  void onlyItsOwnerReadsTheSecret() throws IOException {
    memory.remember(row);
    assertThat(Files.readString(directory.resolve("group"))).contains(SECRET);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("group"))))
        .isEqualTo("rw-------");
    assertThat(memory.recall().orElseThrow().toString()).doesNotContain(SECRET);
  }

  @Test
  void itCountsBesideItsOwnJournalAlone() throws IOException {
    memory.remember(row(2));
    assertThat(memory.recall()).isEmpty();
    memory.remember(row);
    Files.delete(directory.resolve("log"));
    assertThat(memory.recall()).isEmpty();
    Files.delete(directory.resolve("identity"));
    assertThat(memory.recall()).isEmpty();
  }

  @Test
  void whatIsDamagedIsAbsent() throws IOException {
    memory.remember(row);
    Files.writeString(directory.resolve("group"), "{\"shard\": \"1111");
    assertThat(memory.recall()).isEmpty();
    Files.writeString(directory.resolve("group"), "{}");
    assertThat(memory.recall()).isEmpty();
  }

  @Test
  void theProofIsKeptForItsOwnShardAndItsOwnerAlone() throws IOException {
    ShardProof proof = ShardProof.random();
    assertThat(memory.recallProof(row.id())).isEmpty();
    memory.remember(row.id(), proof);
    assertThat(new GroupMemory(directory).recallProof(row.id())).contains(proof);
    assertThat(memory.recallProof(ShardId.random())).isEmpty();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("proof"))))
        .isEqualTo("rw-------");
  }

  @Test
  void theTopologyIsKeptAsWell() {
    Topology topology =
        new Topology(7, HashSlots.COUNT, TopologyState.FORMING, List.of(), List.of(), null, null);
    assertThat(memory.recallTopology()).isEmpty();
    memory.remember(topology);
    assertThat(new GroupMemory(directory).recallTopology()).contains(topology);
  }
}
