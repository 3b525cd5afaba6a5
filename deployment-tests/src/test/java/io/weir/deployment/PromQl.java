package io.weir.deployment;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of PromQL as it takes to see which metrics an expression asks for. */
final class PromQl {

  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern MATCHERS = Pattern.compile("\\{[^}]*}");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern OFFSET = Pattern.compile("\\boffset\\s+\\w+");
  private static final Pattern LABELS =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");

  /** A name that is no number and no function. */
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*(?!\\s*\\()(?![\\w:])");

  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "by", "without", "on", "ignoring");

  private PromQl() {}

  static Set<String> metrics(String expression) {
    String rest = expression;
    for (Pattern none : new Pattern[] {STRING, MATCHERS, RANGE, OFFSET, LABELS}) {
      rest = none.matcher(rest).replaceAll(" ");
    }
    return NAME.matcher(rest)
        .results()
        .map(MatchResult::group)
        .filter(name -> !WORDS.contains(name))
        .collect(Collectors.toSet());
  }
}
