package io.weir.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What a command takes, as a table of Markdown made of picocli's model. */
final class OptionsTable {

  /** How a description ends that says the default in words. */
  private static final Pattern DEFAULT = Pattern.compile("\\s*\\bDefault: (?<value>.*?)\\.?$");

  private OptionsTable() {}

  /** Words in quotes, and options. */
  private static final Pattern CODE =
      Pattern.compile("(?<!\\w)'(?<quoted>[^']+)'(?!\\w)|(?<![\\w-])(?<option>--[a-z][a-z-]*)");

  /** Empty for a command that takes nothing but what all take. */
  static String markdown(CommandSpec command) {
    StringBuilder rows = new StringBuilder();
    command.positionalParameters().forEach(parameter -> rows.append(row(parameter)));
    command.options().stream()
        .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
        .forEach(option -> rows.append(row(option)));
    return rows.isEmpty() ? "" : "| Option | Default | Meaning |\n|---|---|---|\n" + rows;
  }

  private static String row(ArgSpec argument) {
    String meaning =
        String.join(" ", argument.description())
            .replace("%%", "%")
            .replace("${COMPLETION-CANDIDATES}", candidates(argument));
    String usual = argument.defaultValue() == null ? "" : argument.defaultValueString();
    Matcher said = DEFAULT.matcher(meaning);
    if (said.find()) {
      usual = said.group("value").replace("${DEFAULT-VALUE}", usual);
      meaning = meaning.substring(0, said.start());
    }
    return "| `%s` | %s | %s |\n"
        .formatted(cell(name(argument)), cell(code(usual)), cell(code(meaning)))
        .replace("|  |", "| |");
  }

  private static String candidates(ArgSpec argument) {
    return argument.completionCandidates() == null
        ? ""
        : String.join(", ", argument.completionCandidates());
  }

  private static String code(String text) {
    return CODE.matcher(text)
        .replaceAll(
            found -> "`" + (found.group(1) == null ? found.group(2) : found.group(1)) + "`");
  }

  private static String name(ArgSpec argument) {
    return switch (argument) {
      case OptionSpec option ->
          String.join("`, `", option.names())
              + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
      case PositionalParamSpec parameter -> parameter.paramLabel();
      default -> throw new IllegalStateException(argument.toString());
    };
  }

  private static String cell(String text) {
    return text.replaceAll("\\s+", " ").replace("|", "\\|").strip();
  }
}
