package io.weir.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * The identity of a cluster: created with its registry, and stored in every shard's database.
 *
 * @param value a random UUID
 */
public record ClusterId(@JsonValue UUID value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ClusterId {}

  /** Returns a new identity. */
  public static ClusterId random() {
    return new ClusterId(UUID.randomUUID());
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException when the text is no UUID
   */
  public static ClusterId parse(String text) {
    return new ClusterId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
