package io.weir.cache.door;

import io.weir.model.Consistency;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/** A read whose head is in order. {@link #run} runs it, in a thread that may wait. */
public final class KvRead implements KvStep {

  private final KvDoor door;
  private final Key key;
  private final @Nullable EntityTags match;
  private final @Nullable EntityTags noneMatch;
  private final boolean reload;
  private final @Nullable Consistency consistency;

  KvRead(
      KvDoor door,
      Key key,
      @Nullable EntityTags match,
      @Nullable EntityTags noneMatch,
      boolean reload,
      @Nullable Consistency consistency) {
    this.door = door;
    this.key = key;
    this.match = match;
    this.noneMatch = noneMatch;
    this.reload = reload;
    this.consistency = consistency;
  }

  /** Reads, and waits for it. */
  public KvResponse run() {
    return door.answer(this);
  }

  Key key() {
    return key;
  }

  @Nullable EntityTags match() {
    return match;
  }

  @Nullable EntityTags noneMatch() {
    return noneMatch;
  }

  /** Whether to ask the database although the key is resident. */
  boolean reload() {
    return reload;
  }

  @Nullable Consistency consistency() {
    return consistency;
  }
}
