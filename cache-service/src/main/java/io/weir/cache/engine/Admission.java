package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.TooMuchDirty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes from the dirty budget what the entries of a write will retain. Where there is no room for
 * that, a write of a dirty key needs only what it adds to the entry that it replaces: one that adds
 * nothing passes, however much is dirty.
 */
final class Admission {

  private final Table table;
  private final DirtyBudget budget;
  private final WriteStatistics.Counter counter;

  Admission(Table table, DirtyBudget budget, WriteStatistics.Counter counter) {
    this.table = table;
    this.budget = budget;
    this.counter = counter;
  }

  /** What edits come to. */
  static long weightOf(List<Edit> edits) {
    long weight = 0;
    for (Edit edit : edits) {
      weight += Weights.ofDirty(edit.key(), edit.value());
    }
    return weight;
  }

  /** Reserves for one edit; null where it would have to wait. */
  @Nullable Reservation tryReserve(Edit edit) {
    Reservation whole = tryReserve(Weights.ofDirty(edit.key(), edit.value()), 1);
    return whole == null ? tryReserve(List.of(edit)) : whole;
  }

  /**
   * The same, waiting for room.
   *
   * @throws TooMuchDirty when there is none in time
   */
  Reservation reserve(Edit edit) {
    Reservation whole = tryReserve(Weights.ofDirty(edit.key(), edit.value()), 1);
    return whole == null ? reserve(List.of(edit)) : whole;
  }

  private @Nullable Reservation tryReserve(long weight, int writes) {
    return budget.tryReserve(weight, writes)
        ? new Reservation(budget, weight, writes, weight, writes)
        : null;
  }

  /** Reserves; null where it would have to wait. */
  @Nullable Reservation tryReserve(List<Edit> edits) {
    long weight = weightOf(edits);
    int writes = edits.size();
    Reservation whole = tryReserve(weight, writes);
    if (whole != null) {
      return whole;
    }
    Added added = added(edits);
    return added.isNothing() || budget.tryReserve(added.bytes, added.entries)
        ? new Reservation(budget, weight, writes, added.bytes, added.entries)
        : null;
  }

  /**
   * Reserves, waiting for room.
   *
   * @throws TooMuchDirty when there is none in time
   */
  Reservation reserve(List<Edit> edits) {
    Reservation atOnce = tryReserve(edits);
    if (atOnce != null) {
      return atOnce;
    }
    Added added = added(edits);
    try {
      budget.reserve(added.bytes, added.entries);
    } catch (TooMuchDirty e) {
      counter.shed();
      throw e;
    }
    return new Reservation(budget, weightOf(edits), edits.size(), added.bytes, added.entries);
  }

  /** What writes add to what is dirty. */
  private record Added(long bytes, int entries) {

    boolean isNothing() {
      return bytes == 0 && entries == 0;
    }
  }

  private Added added(List<Edit> edits) {
    long bytes = 0;
    int entries = 0;
    for (Edit edit : edits) {
      long replaced = table.replaceableBytes(edit.key());
      bytes += Math.max(0, Weights.ofDirty(edit.key(), edit.value()) - replaced);
      entries += replaced == 0 ? 1 : 0;
    }
    return new Added(bytes, entries);
  }
}
