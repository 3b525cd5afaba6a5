package io.weir.lab.cluster;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * The files of the cluster's own databases, and the password that opens them.
 *
 * <p>Who opens an H2 database runs code as the process that serves it, and every account of the
 * machine reaches its port. So the password is random, stands in a file for its owner alone, and is
 * in no command line; and the server creates no database: they are made here before it starts.
 */
final class DatabaseFiles {

  private static final int PASSWORD_BYTES = 24;

  private final Path folder;
  private final String password;

  private DatabaseFiles(Path folder, String password) {
    this.folder = folder;
    this.password = password;
  }

  /**
   * Opens those of a data directory, and makes up their password if it has none yet.
   *
   * @param warnings takes a sentence when others may read them
   */
  static DatabaseFiles open(Path dataDirectory, Consumer<String> warnings) {
    Path file = dataDirectory.resolve("database.password");
    try {
      Path folder = dataDirectory.resolve("database");
      PrivateFiles.createDirectories(folder);
      close(folder, warnings);
      if (!Files.exists(file)) {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        PrivateFiles.replace(file, HexFormat.of().formatHex(random) + System.lineSeparator());
      }
      return new DatabaseFiles(folder, Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A disk may know no owners, one of FAT or of another machine say; no question tells. */
  private static void close(Path folder, Consumer<String> warnings) {
    try {
      PrivateFiles.close(folder);
    } catch (IOException e) {
      warnings.accept("others may read " + folder + ", whose rights cannot be changed: " + e);
    }
  }

  Path folder() {
    return folder;
  }

  String password() {
    return password;
  }

  /**
   * Makes sure that a database is there and has this password, while no server has it open. One of
   * a cluster that was made without a password gets it, and keeps its rows.
   */
  void prepare(String name) throws SQLException {
    String file = JdbcUrls.file(folder, name);
    if (!Files.exists(folder.resolve(name + ".mv.db"))) {
      DriverManager.getConnection(file, JdbcUrls.ACCOUNT, password).close();
      return;
    }
    try (Connection connection = DriverManager.getConnection(file, JdbcUrls.ACCOUNT, "");
        PreparedStatement statement = connection.prepareStatement("SET PASSWORD ?")) {
      statement.setString(1, password);
      statement.execute();
    } catch (SQLException e) {
      if (e.getErrorCode() != org.h2.api.ErrorCode.WRONG_USER_OR_PASSWORD) {
        throw e;
      }
      // It has one already.
    }
  }
}
