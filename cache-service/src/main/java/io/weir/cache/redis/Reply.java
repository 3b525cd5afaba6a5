package io.weir.cache.redis;

import java.util.List;

/**
 * A reply of the Redis protocol, whichever version of it the connection speaks: what only the third
 * knows is written to a second one as Redis does.
 */
public sealed interface Reply {

  Reply OK = new Simple("OK");
  Reply NIL = new Nil();
  Reply EMPTY = new Array(List.of());

  /** A line of text without CR and LF. */
  record Simple(String text) implements Reply {}

  /**
   * An error.
   *
   * @param text with Redis's own word in front, {@code ERR} for one; CR and LF become spaces
   */
  record Failure(String text) implements Reply {}

  /** A whole number; booleans are 0 and 1. */
  @SuppressWarnings("AvoidCommonTypeNames") // Always written as Reply.Number.
  record Number(long value) implements Reply {}

  /** Bytes. */
  @SuppressWarnings("ArrayRecordComponent") // Written, never compared.
  record Bulk(byte[] bytes) implements Reply {}

  /** A text that a human reads; a bulk string in version 2. */
  record Verbatim(String text) implements Reply {}

  /** Nothing. */
  record Nil() implements Reply {}

  /** Several replies, in order. */
  record Array(List<Reply> elements) implements Reply {}

  /** Keys and values in turn; an array of them in version 2. */
  record Mapping(List<Reply> keysAndValues) implements Reply {}

  /** Several replies, in no order; an array in version 2. */
  record Group(List<Reply> elements) implements Reply {}
}
