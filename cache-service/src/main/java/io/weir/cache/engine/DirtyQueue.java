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

  /** Puts in what a flush gives back: at its age, which is near the front mostly. */
  void addByAge(Dirt dirt) {
    Dirt before = null;
    Dirt after = first;
    while (after != null && after.sinceNanos < dirt.sinceNanos) {
      before = after;
      after = after.next;
    }
    insert(dirt, before, after);
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
