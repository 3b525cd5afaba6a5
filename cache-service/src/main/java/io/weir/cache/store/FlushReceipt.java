package io.weir.cache.store;

import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.Map;

/**
 * What a flush cost the database, and what it met there.
 *
 * @param statements SQL statements sent, the fence's included
 * @param foreign keys whose row this shard had not written; the flush has replaced it
 * @param newer keys whose row holds a newer version than the flush had, of an earlier leader, and
 *     which; it stays as it is
 */
public record FlushReceipt(int statements, List<Key> foreign, Map<Key, Version> newer) {

  /** Copies what it is given. */
  public FlushReceipt {
    foreign = List.copyOf(foreign);
    newer = Map.copyOf(newer);
  }

  /** Of a flush that met only rows which were older, or its own. */
  public FlushReceipt(int statements) {
    this(statements, List.of(), Map.of());
  }

  /** The version that a key's row holds now, where the flush had this one. */
  public Version kept(Key key, Version flushed) {
    return newer.getOrDefault(key, flushed);
  }
}
