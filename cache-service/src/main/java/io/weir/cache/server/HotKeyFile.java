package io.weir.cache.server;

import io.weir.cache.journal.raft.DirectoryFile;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.model.Key;
import io.weir.model.ShardId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of a server's hottest keys beside its journal, for its next start: replaced whole, and
 * for its owner alone, since keys may be nobody else's business.
 *
 * <p><b>Failure.</b> It is never needed: one that cannot be read, is damaged or of another shard is
 * as good as none, and one that cannot be written is left. A line of the log says so.
 */
final class HotKeyFile {

  static final String NAME = "hot-keys";

  private static final Logger LOG = LoggerFactory.getLogger(HotKeyFile.class);

  private final Path directory;

  /**
   * @param directory of the journal
   */
  HotKeyFile(Path directory) {
    this.directory = directory;
  }

  /** The keys as they were kept; none where there is no such list. */
  List<Key> read(ShardId shard) {
    Path file = directory.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      if (Files.size(file) > HotKeyList.MOST_FILE_BYTES) {
        throw new IllegalArgumentException("it is too large");
      }
      return HotKeyList.decode(shard, Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is passed over, nothing is loaded by it: {}", file, e.getMessage());
      return List.of();
    }
  }

  /** Keeps keys, where there is a journal to keep them beside. */
  void write(ShardId shard, List<Key> keys) {
    if (RaftDirectory.identityIn(directory).isEmpty()) {
      return;
    }
    try {
      DirectoryFile.writeSecret(directory, NAME, HotKeyList.encode(shard, keys));
    } catch (IOException e) {
      LOG.warn("{} cannot be written: {}", directory.resolve(NAME), e.toString());
    }
  }
}
