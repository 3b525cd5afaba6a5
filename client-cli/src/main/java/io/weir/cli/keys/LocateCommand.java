package io.weir.cli.keys;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirClient;
import io.weir.model.Key;
import io.weir.model.KeyLocation;
import io.weir.model.Shown;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weir locate}: where a key lives. */
@Command(
    name = "locate",
    description = {
      "Says in which slot a key is, and which shard and cache server own it.",
      "",
      "Keys with the same {tag} share a slot. The key need not exist."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir locate user:1", "  weir locate '{user:1}:cart' --output json"})
final class LocateCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(paramLabel = "KEY", description = "1 to 512 bytes of UTF-8.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private Key key;

  LocateCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    try (WeirClient client = weir.connect()) {
      KeyLocation location = client.locate(key);
      PrintStream out = weir.terminal().out();
      if (weir.isJson()) {
        JsonOutput.print(out, location);
      } else {
        out.println("key    " + Shown.of(location.key().toString()));
        out.println("slot   " + location.slot());
        out.println("shard  " + (location.shard() == null ? "none" : location.shard()));
        out.println("url    " + (location.url() == null ? "none: no leader" : location.url()));
      }
      return ExitCodes.OK;
    }
  }
}
