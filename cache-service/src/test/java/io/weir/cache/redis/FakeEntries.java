package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.weir.cache.engine.Read;
import io.weir.cache.engine.WriteListener;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Entries whose writes take effect when a test says so. */
final class FakeEntries implements Entries {

  static final Written WRITTEN = new Written(new Version(1), Durability.JOURNAL);

  final Map<Key, byte[]> values = new ConcurrentHashMap<>();

  /** Keys that a read has to wait for. */
  final Set<Key> elsewhere = ConcurrentHashMap.newKeySet();

  /** Writes that are on their way. */
  final Queue<Write> writes = new ConcurrentLinkedQueue<>();

  /** Whether a write has its place at once. */
  volatile boolean roomy = true;

  /** What every call fails with; null when it does not. */
  volatile @Nullable RuntimeException failure;

  /** What the next read that waits throws; null when it does not. */
  volatile @Nullable Error error;

  volatile @Nullable Consistency asked;

  /** A write on its way. */
  record Write(Key key, Value value, WriteListener done) {}

  void put(String key, String value) {
    values.put(Key.of(key), value.getBytes(ISO_8859_1));
  }

  /** Lets the first of the writes take effect, and tells nobody. */
  Write apply() {
    Write write = writes.remove();
    values.put(write.key(), write.value().bytes());
    return write;
  }

  /** Lets the first of the writes take effect. */
  void acknowledge() {
    Write write = apply();
    write.done().written(WRITTEN);
    write.done().bulk().told();
  }

  @Override
  public @Nullable Read tryRead(Key key, @Nullable Consistency consistency) {
    return elsewhere.contains(key) ? null : read(key, consistency);
  }

  @Override
  public Read read(Key key, @Nullable Consistency consistency) {
    asked = consistency;
    refuse();
    Error thrown = error;
    if (thrown != null) {
      error = null;
      throw thrown;
    }
    byte[] bytes = values.get(key);
    Value value = bytes == null ? null : new Value(bytes, null, Value.NEVER);
    return new Read.Answer(Versioned.of(new Version(1), value), true, true);
  }

  private void refuse() {
    RuntimeException why = failure;
    if (why != null) {
      throw why;
    }
  }

  @Override
  public boolean tryWrite(Key key, Value value, WriteListener done) {
    if (roomy) {
      startWrite(key, value, done);
    }
    return roomy;
  }

  @Override
  public void startWrite(Key key, Value value, WriteListener done) {
    RuntimeException why = failure;
    if (why != null) {
      done.failed(why);
      done.bulk().told();
    } else {
      writes.add(new Write(key, value, done));
    }
  }
}
