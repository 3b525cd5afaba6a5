package io.weir.web;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with what clients have put, and with secrets. It is created for its owner alone; one
 * that exists keeps its rights, since it may be meant for others too, and is spoken of if every
 * account of the machine can read it.
 */
public final class DataDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  private DataDirectory() {}

  /**
   * Creates it, if it is not there.
   *
   * @param setting that names it
   * @throws StartupRefusedException when it cannot be
   */
  public static void prepare(String setting, Path directory) {
    try {
      PrivateFiles.createDirectories(directory);
    } catch (IOException e) {
      throw new StartupRefusedException(
          setting + " is " + directory + ", which cannot be created: " + e, e);
    }
    warnIfOpen(directory);
  }

  /** Says so, if others can read what this process keeps there. */
  public static void warnIfOpen(Path directory) {
    try {
      if (Files.isDirectory(directory)
          && PrivateFiles.isOpenToOthers(directory)
          && Files.getOwner(directory).getName().equals(System.getProperty("user.name"))) {
        LOG.warn(
            "every account of this machine can read {}: chmod 700 {}",
            directory.toAbsolutePath().normalize(),
            directory.toAbsolutePath().normalize());
      }
    } catch (IOException e) {
      LOG.debug("nobody says who may read {}: {}", directory, e.toString());
    }
  }
}
