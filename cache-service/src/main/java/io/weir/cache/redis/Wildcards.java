package io.weir.cache.redis;

/** A pattern of {@code *} and {@code ?} for the names of settings and commands. */
final class Wildcards {

  private Wildcards() {}

  /** As many steps as both have characters, multiplied, at most: only the last star goes back. */
  static boolean matches(String pattern, String name) {
    int at = 0;
    int i = 0;
    int afterStar = -1;
    int takenTo = 0;
    while (i < name.length()) {
      char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
      if (wanted == '*') {
        at++;
        afterStar = at;
        takenTo = i;
      } else if (at < pattern.length() && (wanted == '?' || wanted == name.charAt(i))) {
        at++;
        i++;
      } else if (afterStar >= 0) {
        takenTo++;
        i = takenTo;
        at = afterStar;
      } else {
        return false;
      }
    }
    return pattern.chars().skip(at).allMatch(c -> c == '*');
  }
}
