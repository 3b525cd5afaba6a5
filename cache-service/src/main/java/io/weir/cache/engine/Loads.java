package io.weir.cache.engine;

import io.weir.model.Key;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The reads of the database in flight, at most one attached to a key.
 *
 * <p><b>Ordering.</b> A write of the key detaches its load, under the key's stripe lock; a load is
 * completed under the same lock and installs its row only if it is still attached. A detached load
 * still answers the readers that joined it before: their reads overlap the write. Readers that come
 * after the write find its entry, or start another load.
 */
final class Loads {

  /** One read of the database, and those who wait for it. */
  static final class Load extends CompletableFuture<Table.Installed> {}

  private final ConcurrentHashMap<Key, Load> attached = new ConcurrentHashMap<>();

  /**
   * Attaches a load to a key. Returns the one that is attached already, or null when this one now
   * is.
   */
  @Nullable Load attach(Key key, Load load) {
    return attached.putIfAbsent(key, load);
  }

  /** Detaches whatever load a key has. */
  void detach(Key key) {
    attached.remove(key);
  }

  /** Detaches all loads. One that is attached meanwhile may stay so. */
  void detachAll() {
    attached.clear();
  }

  /** Detaches a load. Returns false when it was detached before. */
  boolean detach(Key key, Load load) {
    return attached.remove(key, load);
  }

  /** Tells whether a load has not been detached. */
  boolean isAttached(Key key, Load load) {
    return attached.get(key) == load;
  }
}
