package io.weir.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The database server that answers a cache server, by the name that it gives itself: MySQL's {@code
 * server_uuid}, MariaDB's {@code server_uid}. Two databases of one history, such as one and its
 * copy, are told from each other by it.
 *
 * @param value 1 to 64 letters, digits, and what UUIDs and Base64 have besides
 */
public record DatabaseServer(@JsonValue String value) {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9+/=_-]{1,64}");

  /** Rejects a name of another form. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public DatabaseServer {
    if (!isOne(value)) {
      throw new IllegalArgumentException(
          "a database server is 1 to 64 letters, digits, '+', '/', '=', '_' and '-'; got '"
              + Excerpt.of(value)
              + "'");
    }
  }

  /** Whether a text is such a name. */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
