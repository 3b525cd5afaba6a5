package io.weir.cli.keys;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.Entry;
import io.weir.client.WeirClient;
import io.weir.model.Key;
import io.weir.model.Shown;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weir get}: the value of a key, byte for byte. */
@Command(
    name = "get",
    description = {
      "Prints the value of a key.",
      "",
      "As text it is written as it is, with nothing added. As JSON it comes with its version,"
          + " content type, and whether it was in memory (hit) or in the database (miss)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir get user:1",
      "  weir get photo:7 > photo.jpg",
      "  weir get user:1 --output json"
    })
final class GetCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(paramLabel = "KEY", description = "1 to 512 bytes of UTF-8.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private Key key;

  GetCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    try (WeirClient client = weir.connect()) {
      Optional<Entry> found = client.get(key);
      if (found.isEmpty()) {
        throw new CommandException(
            ExitCodes.NOT_FOUND, "there is no entry '" + Shown.of(key) + "'");
      }
      PrintStream out = weir.terminal().out();
      if (weir.isJson()) {
        JsonOutput.print(out, document(found.get()));
      } else {
        byte[] value = found.get().value();
        out.write(value, 0, value.length);
        out.flush();
      }
      return ExitCodes.OK;
    }
  }

  private Map<String, Object> document(Entry entry) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("key", key.toString());
    document.put("version", entry.version().toString());
    if (entry.contentType() != null) {
      document.put("contentType", entry.contentType());
    }
    document.put("cacheStatus", entry.cacheStatus().toString());
    document.put("bytes", entry.value().length);
    try {
      document.put(
          "value",
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(entry.value())).toString());
    } catch (CharacterCodingException e) {
      document.put("valueBase64", Base64.getEncoder().encodeToString(entry.value()));
    }
    return document;
  }
}
