package io.weir.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL as far as it may be shown: where the database is, without account and parameters.
 *
 * <p>A password may stand in many places of a URL: before the host, beside each of several hosts,
 * among a host's own properties, behind a question mark or a semicolon; and one that is not
 * percent-encoded may hold what separates these. So what is shown is what is understood, piece by
 * piece, and {@value #HIDDEN} stands for the rest.
 */
public final class DatabaseLocation {

  private static final String HIDDEN = "...";

  private static final Pattern DRIVER = Pattern.compile("(?i)jdbc:[a-z0-9+.-]++:");
  private static final Pattern SCHEME =
      Pattern.compile("(?i)jdbc:[a-z0-9+.-]++(?::[a-z0-9+.-]++)*+:");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.%]+])(:[0-9]{1,5})?");

  /** Such as {@code address=(host=a)(port=1)} or {@code (host=a,port=1)}. */
  private static final Pattern PROPERTIES = Pattern.compile("(?i)(address=)?((?:\\([^()]*+\\))++)");

  /** With the at sign behind it, or empty; one with brackets may be a host's properties. */
  private static final Pattern ACCOUNT = Pattern.compile("[^()]*+");

  private static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)");
  private static final Pattern PLACE =
      Pattern.compile("(?i)\\s*(host|port)\\s*=\\s*[A-Za-z0-9._:\\[\\]-]+\\s*");
  private static final Pattern PATH = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}._$%~+/-]*");
  private static final Pattern QUERY = Pattern.compile("[^=&@]++=[^&]*+(?:&[^=&@]++=[^&]*+)*+&?");

  private DatabaseLocation() {}

  /** The URL without account and parameters. */
  public static String of(String url) {
    return of(url, true);
  }

  private static String of(String url, boolean doubtful) {
    if (url.toLowerCase(Locale.ROOT).startsWith("jdbc:h2:")) {
      int end = url.indexOf(';');
      // No account stands there by H2's rules, and by mistake it may all the same.
      return (end < 0 ? url : url.substring(0, end)).replaceFirst("//.*@", "//");
    }
    int slashes = url.indexOf("//");
    Matcher scheme = SCHEME.matcher(url.substring(0, Math.max(0, slashes)));
    if (!scheme.matches()) {
      Matcher driver = DRIVER.matcher(url);
      return (driver.lookingAt() ? driver.group() : "") + HIDDEN;
    }
    return scheme.group() + "//" + place(url.substring(slashes + 2), doubtful);
  }

  /**
   * Whether all that tells the place is understood. What is not may be refused by a driver with a
   * message that shows it.
   */
  public static boolean isUnderstood(String url) {
    return !of(url, false).contains(HIDDEN);
  }

  /**
   * @param doubtful whether what drivers take well may all the same be another thing than was meant
   */
  private static String place(String text, boolean doubtful) {
    int end = firstOf(text, "/?#", 0);
    int query = firstOf(text, "?#", end);
    String hosts = text.substring(0, end);
    String path = text.substring(end, query);
    String rest = query < text.length() ? text.substring(query + 1) : "";
    // What looks like a host may be an account or a property, whose password holds a slash, say.
    boolean isQuery =
        query < text.length() && text.charAt(query) == '?' && QUERY.matcher(rest).matches();
    if (path.chars().anyMatch(c -> "@()".indexOf(c) >= 0)
        || (rest.contains("@") && (!isQuery || (doubtful && hosts.contains("@"))))) {
      return HIDDEN;
    }
    String shown = hosts(hosts);
    if (shown.contains(HIDDEN)) {
      return HIDDEN; // Then none of them need be a host.
    }
    return shown + (PATH.matcher(path).matches() ? path : "/" + HIDDEN);
  }

  private static int firstOf(String text, String characters, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth <= 0 && characters.indexOf(c) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static String hosts(String text) {
    List<String> pieces = pieces(text);
    int lastWithAccount = -1;
    for (int i = 0; i < pieces.size(); i++) {
      if (accountOf(pieces.get(i)) > 0) {
        lastWithAccount = i;
      }
    }
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      // A piece before one that has an account may be the beginning of that.
      String piece = pieces.get(i);
      int account = accountOf(piece);
      boolean isClear =
          i >= lastWithAccount && ACCOUNT.matcher(piece.substring(0, account)).matches();
      shown.add(isClear ? host(piece.substring(account)) : HIDDEN);
    }
    return String.join(",", shown);
  }

  /** Cuts at the commas that stand in no brackets. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int begin = 0;
    int depth = 0;
    boolean isList = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      isList = depth <= 0 && (isList ? c != ']' : c == '[');
      if (c == ',' && depth <= 0 && !isList) {
        pieces.add(text.substring(begin, i));
        begin = i + 1;
      }
    }
    pieces.add(text.substring(begin));
    return pieces;
  }

  /** Where a piece's host begins. */
  private static int accountOf(String piece) {
    Matcher properties = PROPERTIES.matcher(piece);
    int end = piece.length();
    for (int begin = 0; begin >= 0; begin = piece.indexOf('@', begin) + 1) {
      properties.region(begin, end);
      if (properties.matches()) {
        return begin; // An at sign may be among the properties.
      }
      if (piece.indexOf('@', begin) < 0) {
        return begin;
      }
    }
    return 0;
  }

  private static String host(String text) {
    if (text.isEmpty() || HOST.matcher(text).matches()) {
      return text;
    }
    Matcher properties = PROPERTIES.matcher(text);
    if (properties.matches()) {
      String name = properties.group(1) == null ? "" : properties.group(1);
      return name + places(properties.group(2));
    }
    boolean list = text.startsWith("[") && text.endsWith("]") && text.lastIndexOf('[') == 0;
    return list ? "[" + hosts(text.substring(1, text.length() - 1)) + "]" : HIDDEN;
  }

  /** Of a host's properties those that say where it is. */
  private static String places(String groups) {
    StringBuilder shown = new StringBuilder();
    Matcher group = GROUP.matcher(groups);
    while (group.find()) {
      List<String> kept = new ArrayList<>();
      for (String property : group.group(1).split(",", -1)) {
        if (PLACE.matcher(property).matches()) {
          kept.add(property.strip());
        }
      }
      if (!kept.isEmpty()) {
        shown.append('(').append(String.join(",", kept)).append(')');
      }
    }
    return shown.toString();
  }
}
