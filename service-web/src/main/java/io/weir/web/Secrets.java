package io.weir.web;

import io.weir.model.DatabaseLocation;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What settings hold that nobody is to be shown. */
public final class Secrets {

  private static final Pattern NAMES =
      Pattern.compile(
          "password|passwd|secret|credential|private-?key|token$|weir[._]security[._]tokens",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FILE_NAMES = Pattern.compile("[-_]?file$", Pattern.CASE_INSENSITIVE);

  private static final Pattern JDBC_URL =
      Pattern.compile("jdbc:[^\\s'\"]*[^\\s'\",.)]", Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Whether the value of a setting of this name is a secret; that of a file with one is not. */
  public static boolean isSecret(String name) {
    return NAMES.matcher(name).find() && !FILE_NAMES.matcher(name).find();
  }

  /** The text with every JDBC URL in it cut down to where the database is. */
  public static String withoutAccounts(String text) {
    if (!text.toLowerCase(Locale.ROOT).contains("jdbc:")) {
      return text;
    }
    if (text.regionMatches(true, 0, "jdbc:", 0, "jdbc:".length())) {
      return DatabaseLocation.of(text); // All of it, as a password may hold spaces and quotes.
    }
    return JDBC_URL
        .matcher(text)
        .replaceAll(url -> Matcher.quoteReplacement(DatabaseLocation.of(url.group())));
  }
}
