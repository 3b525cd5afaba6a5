package io.weir.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * The identity of a shard: created once, stored in the shard's own database, and never reused.
 *
 * @param value a random UUID
 */
public record ShardId(@JsonValue UUID value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ShardId {}

  /** Returns a new identity. */
  public static ShardId random() {
    return new ShardId(UUID.randomUUID());
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException when the text is no UUID
   */
  public static ShardId parse(String text) {
    return new ShardId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
