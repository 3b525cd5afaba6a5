package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/** A doubly linked queue of dirty entries, oldest first. Guarded by the stripe's write lock. */
final class DirtyQueue {

  private @Nullable Dirt first;
  private @Nullable Dirt last;

  @Nullable Dirt peek() {
    return first;
  }

  void addLast(Dirt dirt) {
    dirt.queue = this;
    dirt.previous = last;
    dirt.next = null;
    if (last == null) {
      first = dirt;
    } else {
      last.next = dirt;
    }
    last = dirt;
  }

  void addFirst(Dirt dirt) {
    dirt.queue = this;
    dirt.next = first;
    dirt.previous = null;
    if (first == null) {
      last = dirt;
    } else {
      first.previous = dirt;
    }
    first = dirt;
  }

  /** Takes an element of this queue out. */
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
    dirt.queue = null;
    dirt.previous = null;
    dirt.next = null;
  }
}
