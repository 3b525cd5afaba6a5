package io.weir.cache.door;

/** What comes of a request by its head alone. */
public sealed interface KvStep permits KvStep.Answered, KvRead, KvWrite {

  /** The answer is known. Whatever the client sends of a body is of no use. */
  record Answered(KvResponse response) implements KvStep {}
}
