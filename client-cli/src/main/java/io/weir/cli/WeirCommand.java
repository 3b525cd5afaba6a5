package io.weir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.cli.keys.KeyCommands;
import io.weir.cli.lab.LabCommands;
import io.weir.cli.load.LoadCommands;
import io.weir.cli.operate.OperatorCommands;
import io.weir.cli.shell.Arguments;
import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Failures;
import io.weir.cli.shell.Terminal;
import io.weir.cli.shell.Weir;
import io.weir.model.ByteSize;
import io.weir.model.Durability;
import io.weir.model.Durations;
import io.weir.model.Key;
import io.weir.model.Version;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ScopeType;

/** The {@code weir} command: {@link #commandLine} lists its subcommands. */
@Command(
    name = "weir",
    description = {
      "Talks to a Weir cluster, a sharded write-back cache in front of MySQL.",
      "",
      "A key is sent straight to the cache server that owns it; the masters say which that is."
    },
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = WeirCommand.VersionFromManifest.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:get: there is no such entry; load --verify, verify, demo, torture: an acknowledged write is"
          + " missing, or something was answered wrongly; quarantine: there is no such row;"
          + " quarantine, import: nobody said yes",
      "2:the command line is wrong",
      "3:load, merge: a condition of --fail-if is met, or no rate keeps the --slo",
      "4:the cluster cannot be reached, or does not answer in time; nothing was written",
      "5:the condition of a conditional write does not hold; nothing was written",
      "6:a server refused the request; nothing was written; import: a line failed, or the export was"
          + " cut off",
      "7:a write was sent and not answered: it may have been applied",
      "8:the cluster is degraded, or what was asked for is not complete in time",
      "9:any other failure"
    })
public final class WeirCommand implements Runnable {

  @Mixin private final Weir weir;

  private WeirCommand(Weir weir) {
    this.weir = weir;
  }

  public static void main(String[] arguments) {
    boolean verbose = List.of(arguments).contains("--verbose");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "off");
    if (verbose) {
      System.setProperty("org.slf4j.simpleLogger.log.io.weir", "debug");
    }
    Terminal terminal = Terminal.system();
    String[] typed;
    try {
      typed = Arguments.asTyped(arguments);
    } catch (CommandException e) {
      terminal.err().println("weir: " + e.getMessage());
      System.exit(e.exitCode());
      return;
    }
    System.exit(run(terminal, typed));
  }

  /** Runs a command and returns its exit code. */
  public static int run(Terminal terminal, String... arguments) {
    return commandLine(terminal).execute(arguments);
  }

  static CommandLine commandLine(Terminal terminal) {
    WeirCommand root = new WeirCommand(new Weir(terminal));
    Failures failures = new Failures(root.weir);
    CommandLine commands = new CommandLine(root);
    KeyCommands.addTo(commands, root.weir);
    OperatorCommands.addTo(commands, root.weir);
    LoadCommands.addTo(commands, root.weir);
    LabCommands.addTo(commands, root.weir);
    return commands
        .registerConverter(ByteSize.class, ByteSize::parse)
        .registerConverter(Duration.class, Durations::parse)
        .registerConverter(Durability.class, Durability::parse)
        .registerConverter(Key.class, Key::of)
        .registerConverter(Version.class, WeirCommand::version)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(terminal.out(), true, UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, UTF_8))
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  private static Version version(String text) {
    String digits = text.replace("\"", "");
    try {
      return new Version(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      throw new CommandLine.TypeConversionException(
          "a version is a number, as 'weir get --output json' shows it; got '" + text + "'");
    }
  }

  /** Without a command there is nothing to do but to explain. */
  @Override
  public void run() {
    throw new CommandException(ExitCodes.USAGE, "a command is missing");
  }

  /** The version that the build wrote into the jar. */
  static final class VersionFromManifest implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = WeirCommand.class.getPackage().getImplementationVersion();
      return new String[] {"weir " + (version == null ? "(not packaged)" : version)};
    }
  }
}
