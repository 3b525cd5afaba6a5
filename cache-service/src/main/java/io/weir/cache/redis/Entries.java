package io.weir.cache.redis;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.kv.Value;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/** What {@code GET} and a plain {@code SET} ask of the engine. */
interface Entries {

  /** Reads what is resident; null when that would wait. See {@link AsyncEngine#tryRead}. */
  @Nullable Read tryRead(Key key, @Nullable Consistency asked);

  /** Reads, and waits for the database. See {@link CacheEngine#read}. */
  Read read(Key key, @Nullable Consistency asked);

  /** Puts; false when that would wait. See {@link AsyncEngine#tryWrite}. */
  boolean tryWrite(Key key, Value value, WriteListener done);

  /** Puts, and waits for its place in the order. See {@link AsyncEngine#startWrite}. */
  void startWrite(Key key, Value value, WriteListener done);

  /** Those of an engine. */
  static Entries of(AsyncEngine engine, CacheEngine waiting, Durability durability) {
    return new Entries() {
      @Override
      public @Nullable Read tryRead(Key key, @Nullable Consistency asked) {
        return engine.tryRead(key, asked);
      }

      @Override
      public Read read(Key key, @Nullable Consistency asked) {
        return waiting.read(key, false, asked);
      }

      @Override
      public boolean tryWrite(Key key, Value value, WriteListener done) {
        return engine.tryWrite(key, value, durability, done);
      }

      @Override
      public void startWrite(Key key, Value value, WriteListener done) {
        engine.startWrite(key, value, durability, done);
      }
    };
  }
}
