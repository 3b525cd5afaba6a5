package io.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cli.shell.Terminal;
import io.weir.testing.GeneratedPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Holds docs/cli.md to the commands and options that there are. */
class CliDocumentTest {

  private static final Pattern TABLE = Pattern.compile("<!-- (.+): generated -->");

  private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)");

  private final List<CommandSpec> commands =
      withSubcommands(WeirCommand.commandLine(Terminal.system()));

  private static List<CommandSpec> withSubcommands(CommandLine command) {
    List<CommandSpec> all = new ArrayList<>(List.of(command.getCommandSpec()));
    command.getSubcommands().values().forEach(each -> all.addAll(withSubcommands(each)));
    return all;
  }

  @Test
  void everyTableHasTheOptionsOfItsCommand() {
    tables().forEach((command, table) -> GeneratedPart.of("cli.md", command).check(table));
  }

  @Test
  void everyTableIsThatOfACommand() throws IOException {
    assertThat(found(TABLE)).containsExactlyInAnyOrderElementsOf(tables().keySet());
  }

  @Test
  void everyCommandIsNamed() throws IOException {
    assertThat(commands)
        .filteredOn(command -> command.subcommands().isEmpty())
        .extracting(command -> "`" + command.qualifiedName())
        .allSatisfy(command -> assertThat(page()).contains(command));
  }

  @Test
  void everyOptionThatIsNamedIsThere() throws IOException {
    assertThat(
            commands.stream()
                .flatMap(command -> command.options().stream())
                .map(OptionSpec::longestName))
        .containsAll(found(OPTION));
  }

  private Map<String, String> tables() {
    Map<String, String> tables = new LinkedHashMap<>();
    for (CommandSpec command : commands) {
      String table = OptionsTable.markdown(command);
      if (!table.isEmpty()) {
        tables.put(command.qualifiedName(), table);
      }
    }
    return tables;
  }

  private static List<String> found(Pattern pattern) throws IOException {
    try (Stream<String> lines = page().lines()) {
      return lines
          .flatMap(line -> pattern.matcher(line).results())
          .map(match -> match.group(1))
          .distinct()
          .toList();
    }
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "cli.md"));
  }
}
