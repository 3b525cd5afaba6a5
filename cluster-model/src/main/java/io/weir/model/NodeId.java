package io.weir.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of a node. A node is a cache server as the masters' registry knows it: by a name that is
 * unique in the cluster and the same after a restart.
 *
 * @param value 1 to 64 letters, digits, dots, hyphens and underscores
 */
public record NodeId(@JsonValue String value) {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Rejects a name of another form. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a node id is 1 to 64 letters, digits, '.', '-' and '_', starting with a letter or digit; got '"
              + Excerpt.of(value)
              + "'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
