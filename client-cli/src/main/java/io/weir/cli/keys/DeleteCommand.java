package io.weir.cli.keys;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirClient;
import io.weir.model.Key;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir delete}: removes an entry. */
@Command(
    name = "delete",
    description = "Removes an entry. That there is none is no failure.",
    footerHeading = "%nExamples:%n",
    footer = {"  weir delete user:1", "  weir delete user:1 --if-match 268435457"})
final class DeleteCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(paramLabel = "KEY", description = "1 to 512 bytes of UTF-8.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private Key key;

  @Mixin private final WriteOptionsMixin shared = new WriteOptionsMixin();

  DeleteCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    try (WeirClient client = weir.connect()) {
      WrittenOutput.print(weir, key, client.delete(key, shared.options()));
      return ExitCodes.OK;
    }
  }
}
