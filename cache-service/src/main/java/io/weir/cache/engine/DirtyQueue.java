package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/** A stripe's dirty entries, the one that has been dirty for longest first. Guarded by its lock. */
final class DirtyQueue {

  private @Nullable Dirt first;
  private @Nullable Dirt last;

  /**
   * What was last put in by its age, or what was next to it. A flush that failed gives its entries
   * back in the order of their age, so the next one's place is close by.
   */
  private @Nullable Dirt lastPlaced;

  @Nullable Dirt peek() {
    return first;
  }

  /** Puts in what has just become dirty. */
  void addLast(Dirt dirt) {
    insert(dirt, last, null);
  }

  /**
   * Puts in what was here before: at its age, which is near one of the ends mostly, or near what
   * was put in before.
   */
  void addByAge(Dirt dirt) {
    Dirt younger = first;
    Dirt older = last;
    Dirt near = lastPlaced == null ? first : lastPlaced;
    while (younger != null && older != null && near != null) {
      if (younger.sinceNanos >= dirt.sinceNanos) {
        near = younger;
        break;
      }
      if (older.sinceNanos <= dirt.sinceNanos) {
        near = older.next;
        break;
      }
      if (near.sinceNanos < dirt.sinceNanos) {
        near = near.next;
      } else if (near.previous != null && near.previous.sinceNanos > dirt.sinceNanos) {
        near = near.previous;
      } else {
        break;
      }
      younger = younger.next;
      older = older.previous;
    }
    insert(dirt, near == null ? last : near.previous, near);
    lastPlaced = dirt;
  }

  /** Removes an element of this queue. */
  void remove(Dirt dirt) {
    if (dirt == lastPlaced) {
      lastPlaced = dirt.next == null ? dirt.previous : dirt.next;
    }
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
