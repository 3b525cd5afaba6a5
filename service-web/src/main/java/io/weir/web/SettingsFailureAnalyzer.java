package io.weir.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Says of a wrong setting, in a sentence each, which it is, what it was and what is allowed: for a
 * value that cannot be read, one that breaks a constraint, and one that a settings record rejects.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

  private static final String ACTION =
      "Correct the setting (application.yaml, an environment variable or --name=value) and start again.";

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    String description = describe(cause);
    return description == null
        ? null
        : new FailureAnalysis(Secrets.withoutAccounts(description), ACTION, cause);
  }

  private @Nullable String describe(BindException cause) {
    BindValidationException invalid = findCause(cause, BindValidationException.class);
    if (invalid != null) {
      ValidationErrors errors = invalid.getValidationErrors();
      return errors.getAllErrors().stream()
          .map(error -> describe(errors, error))
          .collect(Collectors.joining(System.lineSeparator()));
    }
    ConversionFailedException unreadable = findCause(cause, ConversionFailedException.class);
    ConfigurationProperty property = cause.getProperty();
    if (unreadable != null && property != null) {
      String name = property.getName().toString();
      return Secrets.isSecret(name)
          ? name + " cannot be read"
          : name + " is '" + property.getValue() + "': " + reason(unreadable);
    }
    IllegalArgumentException rejected = deepest(cause);
    return rejected == null ? null : rejected.getMessage();
  }

  private static String describe(ValidationErrors errors, ObjectError error) {
    if (error instanceof FieldError field && !Secrets.isSecret(field.getField())) {
      return errors.getName()
          + "."
          + kebab(field.getField())
          + " is "
          + (field.getRejectedValue() == null ? "not set" : "'" + field.getRejectedValue() + "'")
          + ": it "
          + error.getDefaultMessage();
    }
    return errors.getName() + ": " + error.getDefaultMessage();
  }

  private static String reason(ConversionFailedException unreadable) {
    Class<?> type = unreadable.getTargetType().getType();
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.joining(", ", "allowed is one of ", ""));
    }
    IllegalArgumentException rejected = deepest(unreadable);
    return rejected != null && rejected.getMessage() != null
        ? rejected.getMessage()
        : "it cannot be read as a " + type.getSimpleName();
  }

  private static @Nullable IllegalArgumentException deepest(Throwable failure) {
    IllegalArgumentException found = null;
    for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
      if (t instanceof IllegalArgumentException rejected) {
        found = rejected;
      }
    }
    return found;
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
