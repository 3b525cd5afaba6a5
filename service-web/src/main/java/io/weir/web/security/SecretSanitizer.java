package io.weir.web.security;

import io.weir.web.Secrets;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides what must not be shown by {@code /actuator/env} and {@code /actuator/configprops}, even to
 * somebody who has set {@code show-values} to {@code always}: passwords, tokens and keys by their
 * name, and the account that a JDBC URL may hold. A value that is a command line, or settings in
 * one, is hidden as a whole.
 */
final class SecretSanitizer implements SanitizingFunction {

  /** What may hold a password among other things, which cannot be told apart. */
  private static final Set<String> SEVERAL_SETTINGS =
      Set.of(
          "sun.java.command",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "JAVA_OPTS",
          "WEIR_JAVA_OPTS",
          "SPRING_APPLICATION_JSON",
          "spring.application.json");

  @Override
  public SanitizableData apply(SanitizableData data) {
    Object value = data.getValue();
    if (value == null) {
      return data;
    }
    if (Secrets.isSecret(data.getKey()) || SEVERAL_SETTINGS.contains(data.getKey())) {
      return data.withSanitizedValue();
    }
    String text = value.toString();
    String shown = Secrets.withoutAccounts(text);
    return shown.equals(text) ? data : data.withValue(shown);
  }
}
