package io.weir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.cli.demo.DemoCommand;
import io.weir.cli.load.workload.ClientShare;
import io.weir.cli.load.workload.ValueSizes;
import io.weir.cli.operate.DrainCommand;
import io.weir.cli.operate.ExportCommand;
import io.weir.cli.operate.FlushCommand;
import io.weir.cli.operate.ImportCommand;
import io.weir.cli.operate.QuarantineCommand;
import io.weir.cli.operate.StatusCommand;
import io.weir.cli.sweep.Capacity;
import io.weir.cli.sweep.SweepCommand;
import io.weir.cli.torture.TortureCommand;
import io.weir.client.Network;
import io.weir.client.ReadFrom;
import io.weir.client.WeirClient;
import io.weir.model.ByteSize;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Durations;
import io.weir.model.Key;
import io.weir.model.TokenFile;
import io.weir.model.Version;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code weir} command: what its subcommands share; {@link #commandLine} lists them. */
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

  private final Terminal terminal;

  @Option(
      names = "--master",
      split = ",",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:WEIR_MASTER:-http://127.0.0.1:7400}",
      description = {
        "URLs of masters, separated by commas; the first that answers is used.",
        "Default: $WEIR_MASTER, else http://127.0.0.1:7400"
      })
  private List<URI> masters = List.of();

  @Option(
      names = "--network",
      paramLabel = "internal|external",
      scope = ScopeType.INHERIT,
      defaultValue = "internal",
      description = {
        "Which addresses of the cache servers to use.",
        "external is for clients outside the servers' own network. Default: ${DEFAULT-VALUE}"
      })
  private Network network = Network.INTERNAL;

  @Option(
      names = "--read-from",
      paramLabel = "leader|any",
      scope = ScopeType.INHERIT,
      defaultValue = "leader",
      description = "Which cache servers of a shard answer reads. Default: ${DEFAULT-VALUE}")
  private ReadFrom readFrom = ReadFrom.LEADER;

  @Option(
      names = "--consistency",
      paramLabel = "linearizable|eventual",
      scope = ScopeType.INHERIT,
      defaultValue = "linearizable",
      description = {
        "What reads promise with --read-from any: eventual ones may lag behind.",
        "Default: ${DEFAULT-VALUE}"
      })
  private Consistency consistency = Consistency.LINEARIZABLE;

  @Option(
      names = "--output",
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      defaultValue = "text",
      description = "How results are printed. Default: ${DEFAULT-VALUE}")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--timeout",
      scope = ScopeType.INHERIT,
      defaultValue = "10s",
      paramLabel = "TIME",
      description = "How long a request may take, repetitions included. Default: ${DEFAULT-VALUE}")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:WEIR_TOKEN_FILE}",
      description = {
        "A file with the token to show, and nothing else; read again when a server refuses it.",
        "Default: $WEIR_TOKEN_FILE, else no token"
      })
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:WEIR_CA_FILE}",
      description = {
        "Certificates (PEM) of the authorities to trust for https.",
        "Default: $WEIR_CA_FILE, else what the JDK trusts"
      })
  private @Nullable Path caFile;

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:WEIR_CERT_FILE}",
      description = "This client's certificate (PEM) for mutual TLS. Default: $WEIR_CERT_FILE")
  private @Nullable Path certFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:WEIR_KEY_FILE}",
      description = "Its private key (PEM, PKCS#8, not encrypted). Default: $WEIR_KEY_FILE")
  private @Nullable Path keyFile;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Say on standard error what is done, and where a failure comes from.")
  private boolean verbose;

  private WeirCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  public static void main(String[] arguments) {
    boolean verbose = List.of(arguments).contains("--verbose");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "off");
    if (verbose) {
      System.setProperty("org.slf4j.simpleLogger.log.io.weir", "debug");
    }
    System.exit(run(Terminal.system(), arguments));
  }

  /** Runs a command and returns its exit code. */
  static int run(Terminal terminal, String... arguments) {
    return commandLine(terminal).execute(arguments);
  }

  static CommandLine commandLine(Terminal terminal) {
    WeirCommand root = new WeirCommand(terminal);
    Failures failures = new Failures(root);
    CommandLine commands = new CommandLine(root);
    commands
        .addSubcommand(new GetCommand(root))
        .addSubcommand(new PutCommand(root))
        .addSubcommand(new DeleteCommand(root))
        .addSubcommand(new CachesCommand(root))
        .addSubcommand(new LocateCommand(root))
        .addSubcommand(new StatusCommand(root))
        .addSubcommand(new DrainCommand(root))
        .addSubcommand(new FlushCommand(root))
        .addSubcommand(new ExportCommand(root))
        .addSubcommand(new ImportCommand(root))
        .addSubcommand(new LoadCommand(root))
        .addSubcommand(new MergeCommand(root))
        .addSubcommand(new VerifyCommand(root))
        .addSubcommand(new CompareCommand(root))
        .addSubcommand(new SweepCommand(root))
        .addSubcommand(new DemoCommand(root))
        .addSubcommand(new TortureCommand(root));
    QuarantineCommand.addTo(commands, root);
    return commands
        .registerConverter(ByteSize.class, ByteSize::parse)
        .registerConverter(Capacity.class, Capacity::parse)
        .registerConverter(Duration.class, Durations::parse)
        .registerConverter(Durability.class, Durability::parse)
        .registerConverter(Key.class, Key::of)
        .registerConverter(ClientShare.class, ClientShare::parse)
        .registerConverter(ValueSizes.class, ValueSizes::parse)
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

  /** The streams that commands read and write. */
  public Terminal terminal() {
    return terminal;
  }

  /** Whether details are wanted on standard error. */
  public boolean isVerbose() {
    return verbose;
  }

  /** Whether results are to be printed as JSON. */
  public boolean isJson() {
    return output == OutputFormat.JSON;
  }

  /** How long a request may take. */
  public Duration timeout() {
    return timeout;
  }

  /** What reads promise that any server of a shard may answer; null when leaders answer. */
  public @Nullable Consistency readFromAny() {
    return readFrom == ReadFrom.ANY ? consistency : null;
  }

  /** A client that is to be used for one request, and asks for no news. */
  public WeirClient connect() {
    return clientBuilder().watch(false).build();
  }

  /** A client as the options say. */
  public WeirClient.Builder clientBuilder() {
    WeirClient.Builder builder;
    try {
      builder =
          WeirClient.builder()
              .masters(masters)
              .network(network)
              .deadline(timeout)
              .readFrom(readFrom)
              .consistency(consistency);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCodes.USAGE, "--master: " + e.getMessage());
    }
    TokenFile token = token();
    if (token != null) {
      builder.token(token);
    }
    SSLContext certificates = certificates();
    if (certificates != null) {
      builder.ssl(() -> certificates);
    }
    return builder;
  }

  /** The masters that the options name. */
  public List<URI> masters() {
    return masters;
  }

  private @Nullable TokenFile token() {
    try {
      return tokenFile == null ? null : TokenFile.open(tokenFile);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCodes.USAGE, "--token-file: " + e.getMessage());
    }
  }

  /** Null for what the JDK trusts. */
  private @Nullable SSLContext certificates() {
    try {
      return PemFiles.context(caFile, certFile, keyFile);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
    }
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
