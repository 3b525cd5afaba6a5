package io.weir.cli.shell;

import io.weir.client.Network;
import io.weir.client.ReadFrom;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.model.Consistency;
import io.weir.model.TokenFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The part that all commands share: the terminal, the options that go with each of them, and the
 * client that these describe.
 */
public final class Weir {

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

  /** With the options' defaults, until a command line is read into it. */
  public Weir(Terminal terminal) {
    this.terminal = terminal;
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
  public WeirClientBuilder clientBuilder() {
    WeirClientBuilder builder;
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
    return Usage.of(() -> PemFiles.context(caFile, certFile, keyFile));
  }
}
