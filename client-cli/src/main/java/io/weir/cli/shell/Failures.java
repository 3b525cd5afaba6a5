package io.weir.cli.shell;

import io.weir.client.AmbiguousOutcomeException;
import io.weir.client.DeadlineExceededException;
import io.weir.client.NotReachableException;
import io.weir.client.PreconditionFailedException;
import io.weir.client.RejectedException;
import io.weir.client.UnexpectedAnswerException;
import io.weir.client.WeirException;
import io.weir.lab.LabException;
import io.weir.load.redis.RedisException;
import io.weir.model.InvalidKeyException;
import io.weir.model.Shown;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Turns what a command throws into one sentence on standard error and an exit code. */
public final class Failures
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

  private final Weir root;

  public Failures(Weir root) {
    this.root = root;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    PrintStream err = root.terminal().err();
    String message = failure.getMessage();
    // A server's sentence, or a key: it must not move the cursor, or set the terminal's title.
    err.println(
        "weir: " + (message == null ? failure.getClass().getSimpleName() : Shown.lines(message)));
    if (root.isVerbose()) {
      failure.printStackTrace(err);
    }
    int exitCode = exitCode(failure);
    if (exitCode == ExitCodes.USAGE) {
      pointToHelp(command);
    }
    return exitCode;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    PrintStream err = root.terminal().err();
    CommandLine command = failure.getCommandLine();
    err.println("weir: " + Shown.lines(String.valueOf(failure.getMessage())));
    CommandLine.UnmatchedArgumentException.printSuggestions(
        failure, new PrintWriter(err, true, StandardCharsets.UTF_8));
    pointToHelp(command);
    return ExitCodes.USAGE;
  }

  private void pointToHelp(CommandLine command) {
    root.terminal().err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
  }

  private static int exitCode(Exception failure) {
    return switch (failure) {
      case WeirException e ->
          switch (e) {
            case NotReachableException _, DeadlineExceededException _ -> ExitCodes.NOT_REACHABLE;
            case PreconditionFailedException _ -> ExitCodes.PRECONDITION_FAILED;
            case RejectedException _, UnexpectedAnswerException _ -> ExitCodes.REFUSED;
            case AmbiguousOutcomeException _ -> ExitCodes.OUTCOME_UNKNOWN;
          };
      case RedisException e ->
          e.mayBeApplied() ? ExitCodes.OUTCOME_UNKNOWN : ExitCodes.NOT_REACHABLE;
      case InvalidKeyException _ -> ExitCodes.USAGE;
      case CommandException e -> e.exitCode();
      case LabException e ->
          switch (e.reason()) {
            case USAGE -> ExitCodes.USAGE;
            case NOT_REACHABLE -> ExitCodes.NOT_REACHABLE;
            case UNEXPECTED -> ExitCodes.UNEXPECTED;
          };
      default -> ExitCodes.UNEXPECTED;
    };
  }
}
