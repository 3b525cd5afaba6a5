package io.weir.cache.redis;

import org.jspecify.annotations.Nullable;

/**
 * The places of a connection's commands that are not answered, in order, and some to be used again.
 * They are linked to each other: a queue with an array of its own is two more looks into memory for
 * each reply, and with many connections none of them is in the processor's caches.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop.
 */
final class Places {

  private static final int MOST_SPARE = 64;

  private final RespConnection connection;

  private @Nullable Place first;
  private @Nullable Place last;
  private int size;

  private @Nullable Place spare;
  private int spares;

  Places(RespConnection connection) {
    this.connection = connection;
  }

  /** The place whose reply is next; null when all are answered. */
  @Nullable Place first() {
    return first;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return first == null;
  }

  /** Adds a place that was used before, or a new one. */
  Place addReusable() {
    Place place = spare;
    if (place == null) {
      return add(new Place(connection));
    }
    spare = place.next;
    spares--;
    return add(place);
  }

  /** Adds a place that is never used again. */
  Place addSpent() {
    return add(new Place(connection).spent());
  }

  private Place add(Place place) {
    place.next = null;
    Place before = last;
    if (before == null) {
      first = place;
    } else {
      before.next = place;
    }
    last = place;
    size++;
    return place;
  }

  /** Takes off the first of those that there are. */
  void removeFirst(Place place) {
    first = place.next;
    if (first == null) {
      last = null;
    }
    place.next = null;
    size--;
  }

  /** Keeps a place that was taken off, if it may be used again. */
  void recycle(Place place) {
    if (place.isReusable() && spares < MOST_SPARE) {
      place.clear();
      place.next = spare;
      spare = place;
      spares++;
    }
  }
}
