package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * One resident key: a value, or the knowledge that there is none, at a version. Clean while {@link
 * #dirt} is null. Guarded by the stripe's lock: read under either, changed under the write lock.
 */
final class Entry {

  final Key key;

  /** Null when the key is absent: a tombstone while dirty, a negative entry while clean. */
  @Nullable Value value;

  long version;

  /** Bytes that this entry was counted with. */
  int weight;

  /** Null while the database holds {@link #version}. */
  @Nullable Dirt dirt;

  /** The hash of {@link #key} under its table's seed. */
  int hash;

  /** The next entry of the same bucket. */
  @Nullable Entry chain;

  /** Neighbours in {@link #list}. */
  @Nullable Entry colder;

  @Nullable Entry hotter;

  /** Where it stands for eviction; null while it is parked and in a flush, or quarantined. */
  @Nullable RecencyList list;

  /** When it was last used, by its stripe's count of uses. */
  long usedAt;

  Entry(Key key, @Nullable Value value, long version, int weight) {
    this.key = key;
    this.value = value;
    this.version = version;
    this.weight = weight;
  }

  Versioned snapshot() {
    return new Versioned(version == 0 ? Version.NONE : new Version(version), value);
  }

  /** The write that brought its version. Never of an entry that no write has brought. */
  Write write() {
    return new Write(key, new Version(version), value);
  }
}
