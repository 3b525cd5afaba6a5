package io.weir.web.security;

import io.weir.web.Secrets;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides what must not be shown by {@code /actuator/env} and {@code /actuator/configprops}, even to
 * somebody who has set {@code show-values} to {@code always}: passwords, tokens and keys by their
 * name, and the account that a JDBC URL may hold.
 */
final class SecretSanitizer implements SanitizingFunction {

  @Override
  public SanitizableData apply(SanitizableData data) {
    Object value = data.getValue();
    if (value == null) {
      return data;
    }
    if (Secrets.isSecret(data.getKey())) {
      return data.withSanitizedValue();
    }
    String text = value.toString();
    String shown = Secrets.withoutAccounts(text);
    return shown.equals(text) ? data : data.withValue(shown);
  }
}
