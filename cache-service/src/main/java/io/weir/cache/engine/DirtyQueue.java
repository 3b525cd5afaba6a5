package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/** A stripe's dirty entries, the one that has been dirty for longest first. Guarded by its lock. */
final class DirtyQueue {

  private @Nullable Dirt first;
  private @Nullable Dirt last;

  @Nullable Dirt peek() {
    return first;
  }

  /** Puts in what has just become dirty. */
  void addLast(Dirt dirt) {
    insert(dirt, last, null);
  }

  /** Puts in what was here before: at its age, which is near one of the ends mostly. */
  void addByAge(Dirt dirt) {
    Dirt younger = first;
    Dirt older = last;
    while (younger != null
        && older != null
        && younger.sinceNanos < dirt.sinceNanos
        && older.sinceNanos > dirt.sinceNanos) {
      younger = younger.next;
      older = older.previous;
    }
    if (younger == null || younger.sinceNanos >= dirt.sinceNanos) {
      insert(dirt, younger == null ? last : younger.previous, younger);
    } else {
      insert(dirt, older, older == null ? first : older.next);
    }
  }

  /** Removes an element of this queue. */
  void remove(Dirt dirt) {
    if (dirt.previous == null) {
      first = dirt.next;
    } else {
      dirt.previous.next = dirt.next;
    }
    if (dirt.next == null) {
      last = dirt.previous;
    } else {
      dirt.next.previous = dirt.previous;
    }
    dirt.queued = false;
    dirt.previous = null;
    dirt.next = null;
  }

  private void insert(Dirt dirt, @Nullable Dirt before, @Nullable Dirt after) {
    dirt.queued = true;
    dirt.previous = before;
    dirt.next = after;
    if (before == null) {
      first = dirt;
    } else {
      before.next = dirt;
    }
    if (after == null) {
      last = dirt;
    } else {
      after.previous = dirt;
    }
  }
}
