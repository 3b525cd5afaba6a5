package io.weir.cache.server;

import io.weir.cache.journal.raft.DirectoryFile;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.store.JournalAtHand;
import io.weir.cache.store.RecordedReign;
import io.weir.cache.store.ShardRow;
import io.weir.model.ClusterId;
import io.weir.model.ShardId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a member keeps beside its journal, so that it starts, votes and serves while its database
 * does not answer: what the shard's row records of its generation, the group's secret included, the
 * shard's proof and the last topology.
 *
 * <p>It counts only beside the journal that it was written for. It is a copy: where the database
 * answers, the database is asked.
 *
 * <p><b>Failure.</b> What cannot be written is said in the log; the next start needs the database
 * then. What cannot be read is as good as absent.
 */
final class GroupMemory implements JournalAtHand {

  private static final Logger LOG = LoggerFactory.getLogger(GroupMemory.class);

  private static final String GROUP = "group";
  private static final String TOPOLOGY = "topology";
  private static final String PROOF = "proof";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path path;

  /** A proof, and the shard whose it is: another database may be given to the same directory. */
  private record RememberedProof(ShardId shard, ShardProof proof) {}

  /** What a start needs of the shard's row; the rest changes, or is nobody's business here. */
  private record Remembered(
      ShardId shard,
      @Nullable ClusterId cluster,
      @Nullable Integer shards,
      List<SlotRange> ranges,
      long generation,
      long term,
      long foundingTerm,
      List<String> members,
      String secret) {

    static Remembered of(ShardRow row, String secret) {
      return new Remembered(
          row.id(),
          row.cluster(),
          row.shards(),
          row.ranges(),
          row.generation(),
          row.term(),
          row.foundingTerm(),
          row.members(),
          secret);
    }

    ShardRow row() {
      return new ShardRow(
          shard,
          cluster,
          shards,
          ranges,
          generation,
          term,
          null,
          members,
          secret,
          foundingTerm,
          RecordedReign.NONE);
    }
  }

  /**
   * @param path of the journal's directory
   */
  GroupMemory(Path path) {
    this.path = path;
  }

  @Override
  public boolean isThere() {
    return recall().isPresent();
  }

  /** The shard's row as it was when this member took its place; empty without a journal of it. */
  Optional<ShardRow> recall() {
    RaftDirectory.Identity identity = RaftDirectory.identityIn(path).orElse(null);
    if (identity == null || RaftDirectory.isUnused(path)) {
      return Optional.empty();
    }
    return read(GROUP, Remembered.class)
        .map(Remembered::row)
        .filter(row ->
            identity.group().equals(RaftSettings.groupOf(row.id().toString(), row.generation())));
  }

  /** The last topology that a master answered with. */
  Optional<Topology> recallTopology() {
    return read(TOPOLOGY, Topology.class);
  }

  /** The proof of a shard, as its database had it when this member took its place. */
  Optional<ShardProof> recallProof(ShardId shard) {
    return read(PROOF, RememberedProof.class)
        .filter(kept -> kept.shard().equals(shard))
        .map(RememberedProof::proof);
  }

  /** Keeps the proof of a shard, where there is a journal to keep it beside. */
  void remember(ShardId shard, ShardProof proof) {
    if (RaftDirectory.identityIn(path).isPresent()) {
      write(PROOF, new RememberedProof(shard, proof));
    }
  }

  /** Keeps what the row records; on disk when this returns. */
  void remember(ShardRow row) {
    String secret = row.secret();
    if (secret != null) {
      write(GROUP, Remembered.of(row, secret));
    }
  }

  /** Keeps the topology, where there is a journal to keep it beside. */
  void remember(Topology topology) {
    if (RaftDirectory.identityIn(path).isPresent()) {
      write(TOPOLOGY, topology);
    }
  }

  private <T> Optional<T> read(String name, Class<T> type) {
    Path file = path.resolve(name);
    try {
      return Files.exists(file)
          ? Optional.of(JSON.readValue(Files.readAllBytes(file), type))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      LOG.warn("{} cannot be read, the database is needed for it: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private void write(String name, Object what) {
    try {
      DirectoryFile.writeSecret(path, name, JSON.writeValueAsBytes(what));
    } catch (IOException e) {
      LOG.warn("{} cannot be written: {}", path.resolve(name), e.toString());
    }
  }
}
