package io.weir.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
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
 * name that is none, a value that cannot be read, one that breaks a constraint, and one that a
 * settings record rejects.
 *
 * <p>It leaves no failure to Spring Boot's own analyzers: those print values, secrets among them.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

  private static final String ACTION =
      "Correct the setting (application.yaml, an environment variable or --name=value) and start again.";

  private static final String ACTION_FOR_A_NAME =
      "Correct the name, or leave the setting out, and start again; docs/settings.md lists them all.";

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    UnboundConfigurationPropertiesException unknown =
        findCause(cause, UnboundConfigurationPropertiesException.class);
    return unknown == null
        ? new FailureAnalysis(Secrets.withoutAccounts(describe(cause)), ACTION, cause)
        : new FailureAnalysis(describe(unknown), ACTION_FOR_A_NAME, cause);
  }

  private String describe(BindException cause) {
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
    String message = rejected == null ? null : rejected.getMessage();
    return message == null
        ? (property == null ? cause.getName() : property.getName()) + " cannot be read"
        : message;
  }

  /** Names alone: whatever it was meant to be, its value may be a password. */
  private static String describe(UnboundConfigurationPropertiesException unknown) {
    return unknown.getUnboundProperties().stream()
        .sorted()
        .map(each ->
            each.getName()
                + " is no setting"
                + (each.getOrigin() == null ? "" : " (" + each.getOrigin() + ")"))
        .collect(Collectors.joining(System.lineSeparator()));
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
