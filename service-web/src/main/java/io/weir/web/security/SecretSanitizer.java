package io.weir.web.security;

import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides what must not be shown by {@code /actuator/env} and {@code /actuator/configprops}, even to
 * somebody who has set {@code show-values} to {@code always}: passwords, tokens and keys by their
 * name, and the account that a JDBC URL may hold.
 */
public final class SecretSanitizer implements SanitizingFunction {

  private static final Pattern SECRET_NAMES =
      Pattern.compile(
          "(password|passwd|secret|credential|private-?key|weir[._]security[._]tokens?\\b"
              + "|weir[._]security[._]tokens[._\\[]|token$)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern AUTHORITY = Pattern.compile("//[^/?;@]*@");

  @Override
  public SanitizableData apply(SanitizableData data) {
    Object value = data.getValue();
    if (value == null) {
      return data;
    }
    if (isSecret(data.getKey())) {
      return data.withSanitizedValue();
    }
    String text = value.toString();
    String shown = withoutAccount(text);
    return shown.equals(text) ? data : data.withValue(shown);
  }

  /** Whether the value of a setting of this name is not to be shown. */
  public static boolean isSecret(String name) {
    return !name.toLowerCase(Locale.ROOT).replace('_', '-').endsWith("tokens-file")
        && SECRET_NAMES.matcher(name).find();
  }

  /** A JDBC URL without account and parameters, which may hold a password; anything else as is. */
  public static String withoutAccount(String text) {
    int jdbc = text.toLowerCase(Locale.ROOT).indexOf("jdbc:");
    if (jdbc < 0) {
      return text;
    }
    String url = text.substring(jdbc).split("[;?]", 2)[0];
    return text.substring(0, jdbc) + AUTHORITY.matcher(url).replaceFirst("//");
  }
}
