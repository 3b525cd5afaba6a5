package io.weir.cache.door;

import org.jspecify.annotations.Nullable;

/** A request for one key but for its body, as a door hands it in. */
public interface KvHead {

  /** The method, in capitals. */
  String method();

  /** What follows {@code /kv/} in the raw request target, up to the query, still encoded. */
  String rawKey();

  /** The raw query without its question mark; null when there is none. */
  @Nullable String query();

  /** The value of a header field, several joined by commas; null when it is absent. */
  @Nullable String header(String name);

  /**
   * What the fields ask of a read.
   *
   * @throws BadRequestException as {@link ReadFields#of}
   */
  default ReadFields readFields() {
    return ReadFields.of(this::header);
  }

  /**
   * What the fields ask of a put or a delete.
   *
   * @throws RuntimeException as {@link WriteFields#of}
   */
  default WriteFields writeFields(boolean isPut) {
    return WriteFields.of(this::header, isPut);
  }
}
