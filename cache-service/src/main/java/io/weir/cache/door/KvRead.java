package io.weir.cache.door;

import io.weir.model.Key;

/** A read whose head is in order. {@link #run} runs it, in a thread that may wait. */
public final class KvRead implements KvStep {

  private final KvDoor door;
  private final Key key;
  private final ReadFields fields;

  KvRead(KvDoor door, Key key, ReadFields fields) {
    this.door = door;
    this.key = key;
    this.fields = fields;
  }

  /** Reads, and waits for it. */
  public KvResponse run() {
    return door.answer(this);
  }

  Key key() {
    return key;
  }

  ReadFields fields() {
    return fields;
  }
}
