package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine as an event loop calls it: nothing that begins with {@code try} waits for anything.
 * What would wait is said, has changed nothing, and is called again, by a virtual thread, under the
 * name that begins with {@code start}: that waits for room, for the key's turn and for the
 * database, not for the journal.
 *
 * <p><b>Ordering.</b> When a call returns and has not said that it would wait, the write has its
 * place in the order: what is called next, of the same keys, follows it.
 *
 * <p><b>Failure.</b> What is refused at once is told to the listener, too.
 */
public final class AsyncEngine {

  private final CacheEngine engine;

  public AsyncEngine(CacheEngine engine) {
    this.engine = engine;
  }

  /**
   * Reads a key that is resident, and known to be current.
   *
   * @param asked as in {@link CacheEngine#read}
   * @return null when the answer is not here, or not known at once: {@link CacheEngine#read} gives
   *     it, or says why not
   */
  public @Nullable Read tryRead(Key key, @Nullable Consistency asked) {
    return null;
  }

  /**
   * Puts or deletes a key, whatever it holds.
   *
   * @param value null to delete
   * @return false when it would have to wait
   */
  public boolean tryWrite(
      Key key, @Nullable Value value, Durability durability, WriteListener done) {
    return false;
  }

  /** The same for a virtual thread: waits until the write has its place in the order. */
  public void startWrite(
      Key key, @Nullable Value value, Durability durability, WriteListener done) {
    Written written;
    try {
      written = engine.write(key, value, Condition.NONE, durability);
    } catch (RuntimeException e) {
      done.failed(e);
      done.bulk().told();
      return;
    }
    done.written(written);
    done.bulk().told();
  }

  /**
   * Writes what an update decides on, all of it as one entry of the journal.
   *
   * @param keys those that the update looks at or writes, each once, all of this shard
   * @return false when it would have to wait
   */
  public boolean tryUpdate(
      List<Key> keys, Update update, Durability durability, WriteListener done) {
    return false;
  }

  /** The same for a virtual thread: waits until the write has its place in the order. */
  public void startUpdate(
      List<Key> keys, Update update, Durability durability, WriteListener done) {
    try {
      while (true) {
        List<Versioned> current =
            keys.stream().map(k -> engine.read(k, false, Consistency.LINEARIZABLE).what()).toList();
        List<Edit> edits = update.decide(current);
        try {
          Written written = null;
          for (Edit edit : edits) {
            Version seen = current.get(keys.indexOf(edit.key())).version();
            written =
                engine.write(
                    edit.key(), edit.value(), now -> now.version().equals(seen), durability);
          }
          done.written(written);
          break;
        } catch (EngineException.ConditionFailed e) {
          // Once more.
        }
      }
    } catch (RuntimeException e) {
      done.failed(e);
    }
    done.bulk().told();
  }
}
