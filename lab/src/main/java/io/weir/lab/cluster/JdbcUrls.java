package io.weir.lab.cluster;

import io.weir.model.DatabaseLocation;
import java.nio.file.Path;

/** The JDBC URLs of the demo's databases. */
public final class JdbcUrls {

  /** What the registry's database is called. */
  static final String REGISTRY = "registry";

  /** Of the demo's own databases. */
  static final String ACCOUNT = "sa";

  private JdbcUrls() {}

  /** A shard's database in the demo's database process. */
  static String shard(int port, int shard, String password) {
    return tcp(port, shardName(shard), password);
  }

  /** The registry's. */
  static String registry(int port, String password) {
    return tcp(port, REGISTRY, password);
  }

  /** What a shard's database is called. */
  static String shardName(int shard) {
    return "shard-" + shard;
  }

  /** The file of a database in a folder, for when no process serves it; without the account. */
  static String file(Path folder, String name) {
    return "jdbc:h2:file:" + folder.resolve(name) + options(name);
  }

  /** A URL as far as it may be shown: without parameters and account. */
  public static String location(String url) {
    return DatabaseLocation.of(url);
  }

  private static String tcp(int port, String name, String password) {
    return "jdbc:h2:tcp://127.0.0.1:"
        + port
        + "/./"
        + name
        + options(name)
        + ";USER="
        + ACCOUNT
        + ";PASSWORD="
        + password;
  }

  /** WRITE_DELAY=0: else a kill of the process loses commits that were acknowledged. */
  private static String options(String name) {
    return ";MODE=MySQL;WRITE_DELAY=0" + (name.equals(REGISTRY) ? "" : ";DATABASE_TO_LOWER=TRUE");
  }
}
