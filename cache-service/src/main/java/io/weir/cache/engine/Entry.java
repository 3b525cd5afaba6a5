package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.KeyHash;
import io.weir.model.Version;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One resident key: a value, or the knowledge that there is none, at a version. Clean while {@link
 * #dirt} is null. It is the answer to a read of its key, too, so that a hit allocates nothing.
 *
 * <p><b>Concurrency.</b> What a reader sees never changes: a write puts a new entry in the place of
 * the old one. All else is changed under the stripe's write lock. Only {@link #chain} is followed
 * without it, so it is written by release and read by acquire, and an entry that has left keeps its
 * own: a reader that stands on it goes on to what stood behind it then.
 *
 * <p><b>Memory.</b> 56 bytes, and 48 with compact object headers. So it has the bytes of key and
 * value in place of a {@link Key} and a {@link Value}, which are made when they are asked for, and
 * neither its weight nor its hash, which what is here already gives. An entry whose value has a
 * media type, or expires, is of a class of its own: telling the two apart does not touch the value.
 * The VM lays references out in their order here: what a walk and the order of uses look at stands
 * together, so that it is in one line of the processor's cache as often as can be.
 */
sealed class Entry implements Versioned, Read permits Entry.Detailed {

  private static final VarHandle CHAIN;

  static {
    try {
      CHAIN = MethodHandles.lookup().findVarHandle(Entry.class, "chain", Entry.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** {@link #usedAt} of an entry that is in its stripe no more. */
  private static final int GONE = -1;

  private final byte[] key;

  final long version;

  /** The next entry of the same bucket. */
  @SuppressWarnings("UnusedVariable") // By its handle alone.
  private @Nullable Entry chain;

  /** Neighbours in {@link #list}. */
  @Nullable Entry colder;

  @Nullable Entry hotter;

  /** Where it stands for eviction; null while it is parked and in a flush, or quarantined. */
  @Nullable RecencyList list;

  /** When it was last used, by its stripe's count of uses. */
  int usedAt;

  /**
   * Those of the value. Null when the key is absent: a tombstone while dirty, a negative entry
   * while clean.
   */
  private final byte @Nullable [] bytes;

  /** Null while the database holds {@link #version}. */
  @Nullable Dirt dirt;

  private Entry(Key key, byte @Nullable [] bytes, long version) {
    this.key = key.bytes();
    this.bytes = bytes;
    this.version = version;
  }

  /** An entry that is in no stripe yet. */
  static Entry of(Key key, @Nullable Value value, long version) {
    if (value == null) {
      return new Entry(key, null, version);
    }
    return isPlain(value)
        ? new Entry(key, value.bytes(), version)
        : new Detailed(key, value, version);
  }

  /** One whose value has more to it than bytes. */
  static final class Detailed extends Entry {

    private final @Nullable String contentType;
    private final long expiresAtMillis;

    private Detailed(Key key, Value value, long version) {
      super(key, value.bytes(), version);
      String type = value.contentType();
      this.contentType = type == null ? null : MediaTypes.shared(type);
      this.expiresAtMillis = value.expiresAtMillis();
    }

    @Override
    @Nullable String contentType() {
      return contentType;
    }

    @Override
    public long expiresAtMillis() {
      return expiresAtMillis;
    }

    @Override
    int cleanWeight(int plain) {
      return Weights.ofDetailed(plain, contentType);
    }
  }

  /** Whether there is nothing to a value but its bytes. */
  static boolean isPlain(Value value) {
    return value.contentType() == null && value.expiresAtMillis() == Value.NEVER;
  }

  /** Whether it is the entry of a key. */
  boolean isOf(Key other) {
    return Arrays.equals(key, other.bytes());
  }

  Key key() {
    return Key.known(key);
  }

  /** Not a copy, not to be changed. */
  byte[] keyBytes() {
    return key;
  }

  /** The hash of its key, which is computed each time. */
  int keyHash() {
    return KeyHash.of(key);
  }

  @Override
  public Version version() {
    return version == 0 ? Version.NONE : new Version(version);
  }

  @Override
  public final @Nullable Value value() {
    return bytes == null ? null : new Value(bytes, contentType(), expiresAtMillis());
  }

  @Nullable String contentType() {
    return null;
  }

  @Override
  public long expiresAtMillis() {
    return Value.NEVER;
  }

  @Override
  public Versioned what() {
    return this;
  }

  @Override
  public boolean hit() {
    return true;
  }

  @Override
  public boolean stored() {
    return true;
  }

  /** The bytes that it is counted with. */
  int weight() {
    return dirt == null ? cleanWeight() : cleanWeight() + Weights.DIRT_BYTES;
  }

  /** The bytes that it is counted with while it is clean. */
  int cleanWeight() {
    return bytes == null
        ? Weights.ofAbsent(key.length)
        : cleanWeight(Weights.ofPlain(key.length, bytes.length));
  }

  /** The bytes that it is counted with while clean, from those of an entry without details. */
  int cleanWeight(int plain) {
    return plain;
  }

  @Nullable Entry chain() {
    return (Entry) CHAIN.getAcquire(this);
  }

  /** To be called under the write lock. */
  void chainTo(@Nullable Entry next) {
    CHAIN.setRelease(this, next);
  }

  /** Whether it has left its stripe, or another has taken its place. Under the write lock. */
  boolean isGone() {
    return usedAt == GONE;
  }

  /** Notes that it has left. */
  void gone() {
    usedAt = GONE;
  }

  /** Takes the place of the old entry of its key in its dirt; that is in no list any more. */
  void succeed(Entry old) {
    Dirt taken = old.dirt;
    if (taken != null) {
      dirt = taken;
      taken.entry = this;
      old.dirt = null;
    }
    old.gone();
  }

  /** The write that brought its version. Never of an entry that no write has brought. */
  Write write() {
    return new Write(key(), new Version(version), value());
  }
}
