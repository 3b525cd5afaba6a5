package io.weir.lab.torture;

import io.weir.client.AmbiguousOutcomeException;
import io.weir.client.Entry;
import io.weir.client.PreconditionFailedException;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.client.WriteOptions;
import io.weir.lab.torture.Operation.Kind;
import io.weir.model.Key;
import io.weir.model.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client that speaks HTTP, by the client library. */
final class Recorder implements TortureClient {

  private static final int VALUE_BYTES = 100;

  /** The least that a large value has; the most is twice that. */
  static final int LARGE = 512 << 10;

  private final WeirClient leader;
  private final @Nullable WeirClient any;
  private final Key[] keys;
  private final AtomicInteger values;
  private final boolean large;
  private final Random random;
  private final List<Operation> operations = new ArrayList<>();

  /** What this client saw of each key last: a value and its version, for conditional writes. */
  private final int[] lastValue;

  private final Version[] lastVersion;
  private long refused;

  /**
   * @param leader reads and writes at leaders
   * @param any reads anywhere, linearizably; null when there are no replicas
   * @param values numbers of the values that were written so far, by all clients
   * @param large whether values are
   */
  Recorder(
      WeirClient leader,
      @Nullable WeirClient any,
      Key[] keys,
      AtomicInteger values,
      boolean large,
      Random random) {
    this.leader = leader;
    this.any = any;
    this.keys = keys;
    this.values = values;
    this.large = large;
    this.random = random;
    this.lastValue = new int[keys.length];
    this.lastVersion = new Version[keys.length];
    Arrays.fill(lastVersion, Version.NONE);
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
    int key = random.nextInt(keys.length);
    int dice = random.nextInt(100);
    Operation done;
    if (dice < 40) {
      done = read(leader, key);
    } else if (dice < 55) {
      done = read(any == null ? leader : any, key);
    } else if (dice < 80) {
      done = write(key, Kind.WRITE, values.incrementAndGet(), 0, WriteOptions.DEFAULT);
    } else if (dice < 88) {
      done = write(key, Kind.WRITE, 0, 0, WriteOptions.DEFAULT);
    } else {
      done = swap(key);
    }
    if (done == null) {
      refused++;
      return false;
    }
    operations.add(done);
    return true;
  }

  /** Reads a key at its leader, however long that takes to succeed once. */
  @Nullable Operation readOnce(int key) {
    Operation read = read(leader, key);
    if (read != null) {
      operations.add(read);
    }
    return read;
  }

  private @Nullable Operation read(WeirClient client, int key) {
    long start = System.nanoTime();
    try {
      Entry entry = client.get(keys[key]).orElse(null);
      int value = entry == null ? 0 : number(entry.value());
      saw(key, value, entry == null ? Version.NONE : entry.version());
      return new Operation(key, Kind.READ, value, 0, start, System.nanoTime());
    } catch (WeirException e) {
      return null;
    }
  }

  private @Nullable Operation swap(int key) {
    Version version = lastVersion[key];
    int value = values.incrementAndGet();
    if (version.equals(Version.NONE)) {
      return write(key, Kind.SWAP, value, 0, WriteOptions.DEFAULT.onlyIfAbsent());
    }
    return write(key, Kind.SWAP, value, lastValue[key], WriteOptions.DEFAULT.onlyOver(version));
  }

  private @Nullable Operation write(
      int key, Kind kind, int value, int expected, WriteOptions options) {
    long start = System.nanoTime();
    try {
      Version version =
          value == 0
              ? leader.delete(keys[key], options).version()
              : leader.put(keys[key], bytes(value, large), options).version();
      long end = System.nanoTime();
      saw(key, value, value == 0 ? Version.NONE : version);
      return new Operation(key, kind, value, expected, start, end);
    } catch (PreconditionFailedException e) {
      return new Operation(key, failed(expected, options), 0, expected, start, System.nanoTime());
    } catch (AmbiguousOutcomeException e) {
      return new Operation(key, kind, value, expected, start, Operation.NEVER);
    } catch (WeirException e) {
      return null;
    }
  }

  private static Kind failed(int expected, WriteOptions options) {
    if (expected == 0 && !options.ifAbsent()) {
      throw new IllegalStateException("an unconditional write met a condition");
    }
    return Kind.FAILED_SWAP;
  }

  private void saw(int key, int value, Version version) {
    lastValue[key] = value;
    lastVersion[key] = version;
  }

  static byte[] bytes(int value, boolean large) {
    return ByteBuffer.allocate(large ? largeBytes(value) : VALUE_BYTES).putInt(value).array();
  }

  /** How many bytes the large value of a number has: each another, spread over the range. */
  private static int largeBytes(int value) {
    return LARGE + Math.floorMod(value * 0x9E3779B9, LARGE);
  }

  /** The number in a value; -1 when it is none of ours. */
  static int number(byte[] bytes) {
    if (bytes.length < VALUE_BYTES) {
      return -1;
    }
    int value = ByteBuffer.wrap(bytes).getInt();
    return bytes.length == VALUE_BYTES || bytes.length == largeBytes(value) ? value : -1;
  }
}
