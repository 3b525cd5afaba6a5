package io.weir.cli.operate;

import io.weir.client.operator.OperatorApi;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The last line of an export: that it is whole, and how many entries it has. An export that failed
 * midway has none, which is all that tells its lines from those of a smaller cluster.
 *
 * @param end true
 * @param entries how many lines of entries came before, since the last such line or the beginning
 */
record EndLine(boolean end, long entries) {

  /** More than such a line has, in bytes; longer ones are not looked into. */
  private static final int MOST_BYTES = 100;

  /** Reads a line; null when it is another one. */
  static @Nullable EndLine parse(byte[] json) {
    if (json.length > MOST_BYTES) {
      return null;
    }
    try {
      EndLine line = OperatorApi.JSON.readValue(json, EndLine.class);
      return line != null && line.end ? line : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** The line, without its end. */
  byte[] toJson() {
    return OperatorApi.JSON.writeValueAsBytes(this);
  }
}
