package io.weir.cache.door;

import io.weir.model.Excerpt;

/** A request's body is encoded for its way, and nothing here decodes it. */
public final class UnsupportedCodingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public UnsupportedCodingException(String rule, String codings) {
    super(rule + "; got " + Excerpt.of(codings));
  }
}
