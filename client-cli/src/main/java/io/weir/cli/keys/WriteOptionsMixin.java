package io.weir.cli.keys;

import io.weir.client.WriteOptions;
import io.weir.model.Durability;
import io.weir.model.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that put and delete share. */
final class WriteOptionsMixin {

  @Option(
      names = "--if-match",
      paramLabel = "VERSION",
      description = "Only over this version, as 'get --output json' shows it.")
  private @Nullable Version ifMatch;

  @Option(
      names = "--durability",
      paramLabel = "memory|journal",
      description = "When the write counts as done. Default: what the server is set to.")
  private @Nullable Durability durability;

  WriteOptions options() {
    WriteOptions options = WriteOptions.DEFAULT;
    if (ifMatch != null) {
      options = options.onlyOver(ifMatch);
    }
    return durability == null ? options : options.durability(durability);
  }

  boolean isOverVersion() {
    return ifMatch != null;
  }
}
