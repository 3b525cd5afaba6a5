package io.weir.cache.journal.raft;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's library, which is a file of 14 MB in its jar. By itself it is unpacked into the
 * temporary folder under another name each time, and stays there when the process is killed. It is
 * needed for a log of an earlier version alone, which is converted once.
 */
public final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private NativeLibrary() {}

  /** Unpacks it where a journal's directory holds a log that is to be converted. */
  public static void unpackIfNeeded(Path journal, Path directory) {
    if (LogDirectory.isOfRocksDb(journal.resolve(RaftDirectory.LOG))) {
      unpackInto(directory);
    }
  }

  /**
   * Loads it from the library path, or unpacks it into a directory, in place of what is there. Once
   * a process; later calls do nothing.
   */
  private static void unpackInto(Path directory) {
    try {
      PrivateFiles.createDirectories(directory);
      NativeLibraryLoader.getInstance().loadLibrary(directory.toAbsolutePath().toString());
    } catch (IOException | UnsatisfiedLinkError e) {
      // Nothing may be executed there, say: RocksDB tries the temporary folder next.
      LOG.info("RocksDB's library goes to the temporary folder: {}", e.toString());
    }
  }
}
