package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
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

  private final KeyReads reads;
  private final Writes writes;

  public AsyncEngine(CacheEngine engine) {
    this.reads = engine.reads();
    this.writes = engine.writes();
  }

  /**
   * Reads a key that is resident, and known to be current.
   *
   * @param asked as in {@link CacheEngine#read}
   * @return null when the answer is not here, or not known at once: {@link CacheEngine#read} gives
   *     it, or says why not
   */
  public @Nullable Read tryRead(Key key, @Nullable Consistency asked) {
    return reads.tryRead(key, asked);
  }

  /**
   * Puts or deletes a key, whatever it holds.
   *
   * @param value null to delete
   * @return false when it would have to wait
   */
  public boolean tryWrite(
      Key key, @Nullable Value value, Durability durability, WriteListener done) {
    return writes.write(new Edit(key, value), durability, done, false);
  }

  /** The same for a virtual thread: waits until the write has its place in the order. */
  public void startWrite(
      Key key, @Nullable Value value, Durability durability, WriteListener done) {
    boolean _ = writes.write(new Edit(key, value), durability, done, true);
  }

  /**
   * Writes what an update decides on, all of it as one entry of the journal.
   *
   * @param keys those that the update looks at or writes, each once, all of this shard
   * @return false when it would have to wait; then the update may have been asked, and will be
   *     again
   */
  public boolean tryUpdate(
      List<Key> keys, Update update, Durability durability, WriteListener done) {
    return writes.update(keys, update, durability, done, false);
  }

  /** The same for a virtual thread: waits until the write has its place in the order. */
  public void startUpdate(
      List<Key> keys, Update update, Durability durability, WriteListener done) {
    boolean _ = writes.update(keys, update, durability, done, true);
  }
}
