package io.weir.lab.torture;

import io.weir.lab.torture.Operation.Kind;
import io.weir.load.redis.RedisClient;
import io.weir.load.redis.RedisException;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks the Redis protocol to the leaders. In the place of writes over a version,
 * which that protocol has not, it writes where nothing is, takes what was there before, and adds to
 * counters.
 */
final class RedisRecorder implements TortureClient {

  private final RedisClient client;
  private final Key[] keys;
  private final Counters counters;
  private final AtomicInteger values;
  private final boolean large;
  private final Random random;
  private final List<Operation> operations = new ArrayList<>();
  private long refused;

  /**
   * @param values numbers of the values that were written so far, by all clients
   * @param large whether values are
   */
  RedisRecorder(
      RedisClient client,
      Key[] keys,
      Counters counters,
      AtomicInteger values,
      boolean large,
      Random random) {
    this.client = client;
    this.keys = keys;
    this.counters = counters;
    this.values = values;
    this.large = large;
    this.random = random;
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public boolean next() {
    int dice = random.nextInt(100);
    if (dice >= 85) {
      return increment(random.nextInt(counters.count()));
    }
    int key = random.nextInt(keys.length);
    Operation done;
    if (dice < 45) {
      done = read(key);
    } else if (dice < 63) {
      done = set(key);
    } else if (dice < 70) {
      done = delete(key);
    } else if (dice < 78) {
      done = setIfAbsent(key);
    } else {
      done = getAndSet(key);
    }
    if (done == null) {
      refused++;
      return false;
    }
    operations.add(done);
    return true;
  }

  private boolean increment(int counter) {
    try {
      counters.added(counter, client.increment(counters.key(counter)));
      return true;
    } catch (RedisException e) {
      if (e.mayBeApplied()) {
        counters.mayHaveAdded(counter);
        return true;
      }
      refused++;
      return false;
    }
  }

  private @Nullable Operation read(int key) {
    long start = System.nanoTime();
    try {
      int value = number(client.get(keys[key]));
      return new Operation(key, Kind.READ, value, 0, start, System.nanoTime());
    } catch (RedisException e) {
      return null;
    }
  }

  private @Nullable Operation set(int key) {
    int value = values.incrementAndGet();
    long start = System.nanoTime();
    try {
      client.set(keys[key], Recorder.bytes(value, large));
      return new Operation(key, Kind.WRITE, value, 0, start, System.nanoTime());
    } catch (RedisException e) {
      return open(e, key, Kind.WRITE, value, start);
    }
  }

  private @Nullable Operation delete(int key) {
    long start = System.nanoTime();
    try {
      client.delete(keys[key]);
      return new Operation(key, Kind.WRITE, 0, 0, start, System.nanoTime());
    } catch (RedisException e) {
      return open(e, key, Kind.WRITE, 0, start);
    }
  }

  private @Nullable Operation setIfAbsent(int key) {
    int value = values.incrementAndGet();
    long start = System.nanoTime();
    try {
      boolean applied = client.setIfAbsent(keys[key], Recorder.bytes(value, large));
      return new Operation(
          key,
          applied ? Kind.SWAP : Kind.FAILED_SWAP,
          applied ? value : 0,
          0,
          start,
          System.nanoTime());
    } catch (RedisException e) {
      return open(e, key, Kind.SWAP, value, start);
    }
  }

  /** Answered, it is a write over the value that it has seen. */
  private @Nullable Operation getAndSet(int key) {
    int value = values.incrementAndGet();
    long start = System.nanoTime();
    try {
      int before = number(client.getAndSet(keys[key], Recorder.bytes(value, large)));
      return new Operation(key, Kind.SWAP, value, before, start, System.nanoTime());
    } catch (RedisException e) {
      return open(e, key, Kind.WRITE, value, start);
    }
  }

  /** What may have happened; null when it certainly has not. */
  private static @Nullable Operation open(
      RedisException failure, int key, Kind kind, int value, long start) {
    return failure.mayBeApplied()
        ? new Operation(key, kind, value, 0, start, Operation.NEVER)
        : null;
  }

  private static int number(byte @Nullable [] value) {
    return value == null ? 0 : Recorder.number(value);
  }
}
