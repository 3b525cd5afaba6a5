package io.weir.cache.web;

import io.weir.model.ByteSize;

/** The body of a batch has more bytes than one may have. */
final class BatchTooLargeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BatchTooLargeException(ByteSize maxSize) {
    super("the body of a batch has at most " + maxSize + " (weir.batch.max-size)");
  }
}
