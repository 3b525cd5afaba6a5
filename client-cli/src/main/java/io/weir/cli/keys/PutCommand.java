package io.weir.cli.keys;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirClient;
import io.weir.client.WriteOptions;
import io.weir.client.Written;
import io.weir.model.Key;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir put}: writes an entry. */
@Command(
    name = "put",
    description = {
      "Writes an entry. The value is the argument, a file, or standard input.",
      "",
      "A write that was sent and not answered is not repeated: exit code 7 says that it may have"
          + " been applied."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir put user:1 '{\"name\": \"Ada\"}' --content-type application/json",
      "  weir put photo:7 --file photo.jpg --ttl 1h",
      "  echo hello | weir put greeting",
      "  weir put user:1 Grace --if-match 268435457",
      "  weir put lock:a me --if-none-match '*' --ttl 30s"
    })
final class PutCommand implements Callable<Integer> {

  /** Far above any server's weir.max-value-size; keeps an endless input out of memory. */
  private static final int MAX_VALUE = 64 << 20;

  private final Weir weir;

  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 512 bytes of UTF-8.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private Key key;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value; '-' or nothing reads standard input.")
  private @Nullable String value;

  @Option(names = "--file", paramLabel = "FILE", description = "Read the value from a file.")
  private @Nullable Path file;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "Life of the entry, such as 500ms, 60s, 5m or 1h. Default: for ever.")
  private @Nullable Duration ttl;

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = "Media type that a get answers with.")
  private @Nullable String contentType;

  @Option(
      names = "--if-none-match",
      paramLabel = "*",
      description = "'*': only if there is no such entry.")
  private @Nullable String ifNoneMatch;

  @Mixin private final WriteOptionsMixin shared = new WriteOptionsMixin();

  PutCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws IOException {
    WriteOptions options = options();
    byte[] bytes = value();
    try (WeirClient client = weir.connect()) {
      Written written = client.put(key, bytes, options);
      WrittenOutput.print(weir, key, written);
      return ExitCodes.OK;
    }
  }

  private WriteOptions options() {
    if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
      throw wrong("--if-none-match takes '*' only, got '" + ifNoneMatch + "'");
    }
    if (ifNoneMatch != null && shared.isOverVersion()) {
      throw wrong("--if-match and --if-none-match exclude each other");
    }
    try {
      WriteOptions options = shared.options();
      options = ifNoneMatch == null ? options : options.onlyIfAbsent();
      options = ttl == null ? options : options.ttl(ttl);
      return contentType == null ? options : options.contentType(contentType);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private byte[] value() throws IOException {
    if (file != null) {
      if (value != null) {
        throw wrong("the value is given twice: as '" + value + "' and as --file " + file);
      }
      try (InputStream in = Files.newInputStream(file)) {
        return bounded(in, file.toString());
      } catch (NoSuchFileException e) {
        throw wrong("--file " + file + ": there is no such file");
      }
    }
    if (value != null && !value.equals("-")) {
      return value.getBytes(StandardCharsets.UTF_8);
    }
    return bounded(weir.terminal().in(), "standard input");
  }

  private static byte[] bounded(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MAX_VALUE + 1);
    if (bytes.length > MAX_VALUE) {
      throw wrong(name + " has more than " + MAX_VALUE + " bytes, too many for a value");
    }
    return bytes;
  }

  private static CommandException wrong(String message) {
    return new CommandException(ExitCodes.USAGE, message);
  }
}
