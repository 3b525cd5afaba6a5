package io.weir.lab.cluster;

/** The JDBC URLs of the demo's databases. */
public final class JdbcUrls {

  private JdbcUrls() {}

  /** A shard's database in the demo's database process. */
  static String shard(int port, int shard) {
    return h2(port, "shard-" + shard) + ";DATABASE_TO_LOWER=TRUE" + account();
  }

  /** The registry's. */
  static String registry(int port) {
    return h2(port, "registry") + account();
  }

  /** A URL as far as it may be shown: without parameters and account. */
  public static String location(String url) {
    return url.split("[;?]", 2)[0].replaceFirst("//[^/@]*@", "//");
  }

  /** WRITE_DELAY=0: else a kill of the process loses commits that were acknowledged. */
  private static String h2(int port, String name) {
    return "jdbc:h2:tcp://127.0.0.1:" + port + "/./" + name + ";MODE=MySQL;WRITE_DELAY=0";
  }

  private static String account() {
    return ";USER=sa;PASSWORD=";
  }
}
