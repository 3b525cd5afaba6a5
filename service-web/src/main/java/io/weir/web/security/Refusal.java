package io.weir.web.security;

import io.weir.model.Problem;
import java.util.List;

/**
 * What a request is answered with that may not go on.
 *
 * @param fields of the answer's head, besides those that every answer has
 */
public record Refusal(Problem problem, List<Field> fields) {

  /** A field of the head; there may be several of one name. */
  public record Field(String name, String value) {}
}
