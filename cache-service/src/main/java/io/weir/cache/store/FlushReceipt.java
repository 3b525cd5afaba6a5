package io.weir.cache.store;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a flush cost the database, what it met there, and what it did not bring.
 *
 * @param statements SQL statements that change or read rows, the fence's included
 * @param foreign keys whose row this shard had not written; the flush has replaced it
 * @param newer keys whose row holds a newer version than the flush had, of an earlier leader, and
 *     which; it stays as it is
 * @param left what was not brought
 */
public record FlushReceipt(int statements, List<Key> foreign, Map<Key, Version> newer, Left left) {

  /** Copies what it is given. */
  public FlushReceipt {
    foreign = List.copyOf(foreign);
    newer = Map.copyOf(newer);
  }

  /** Of a flush that met only rows which were older, or its own. */
  public FlushReceipt(int statements) {
    this(statements, List.of(), Map.of(), Left.NOTHING);
  }

  /**
   * The writes of a batch that are not in the database, nor refused for longer than this flush.
   *
   * @param refused keys of rows that the database refuses for their data, each by itself, and why
   * @param unresolved parts of the batch of which it refuses some row, too many to find out which
   * @param untried what was not sent: the time was up, or too much was refused
   */
  public record Left(Map<Key, String> refused, List<List<Write>> unresolved, List<Write> untried) {

    /** Of a flush that brought its whole batch. */
    public static final Left NOTHING = new Left(Map.of(), List.of(), List.of());

    /** Copies what it is given. */
    public Left {
      refused = Map.copyOf(refused);
      unresolved = List.copyOf(unresolved);
      untried = List.copyOf(untried);
    }

    boolean isNothing() {
      return refused.isEmpty() && unresolved.isEmpty() && untried.isEmpty();
    }
  }

  /** The version that a key's row holds now, where the flush had this one. */
  public Version kept(Key key, Version flushed) {
    return newer.getOrDefault(key, flushed);
  }

  /** What of a batch is in the database now. */
  public List<Write> brought(List<Write> batch) {
    if (left.isNothing()) {
      return batch;
    }
    Set<Key> without = new HashSet<>(left.refused().keySet());
    left.unresolved().forEach(part -> part.forEach(write -> without.add(write.key())));
    left.untried().forEach(write -> without.add(write.key()));
    return batch.stream().filter(write -> !without.contains(write.key())).toList();
  }
}
