package io.weir.cli.lab;

import java.util.List;
import picocli.CommandLine.Option;

/** The option of those commands that start a cluster on databases of others. */
public final class MysqlOption {

  @Option(
      names = "--mysql",
      arity = "1..*",
      paramLabel = "URL",
      description = {
        "JDBC URLs of MySQL schemas, one for each shard, the account in the URL; they hold the"
            + " rows instead of the cluster's own database, which then has the registry alone."
      })
  private List<String> urls = List.of();

  /** As they were given; empty for none. */
  public List<String> urls() {
    return urls;
  }
}
