package io.weir.cache.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.DirectJournal;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine that leads, over a fake store, with the verbs of a test. */
public final class EngineFixture {

  public static final Claim CLAIM = new Claim(1, 1, new NodeId("cache-1"));

  public final FakeBackingStore store = new FakeBackingStore();
  public final FakeClock clock = new FakeClock();
  public final Ticker ticker;
  public final CacheEngine engine;
  public final Journal journal;

  /** With what the journal refuses everything; null when it does not. */
  public volatile @Nullable JournalException refusal;

  /** Told of what is appended. */
  public volatile Consumer<List<Mutation>> onAppend = mutations -> {};

  /** The versions of this leader's writes. */
  public final VersionSequence versions = versions();

  /**
   * All keys of so many blocks, each {@code "Aa"} or {@code "BB"}: two to that power, whose texts
   * have one hash code.
   */
  static List<Key> keysOfOneHashCode(int blocks) {
    List<Key> keys = new ArrayList<>(1 << blocks);
    for (int i = 0; i < 1 << blocks; i++) {
      StringBuilder text = new StringBuilder(2 * blocks);
      for (int block = 0; block < blocks; block++) {
        text.append((i >>> block & 1) == 0 ? "Aa" : "BB");
      }
      keys.add(Key.of(text.toString()));
    }
    return keys;
  }

  private EngineFixture(EngineSettings settings, Ticker ticker) {
    this.ticker = ticker;
    this.engine = new CacheEngine(settings, store, (Clock) clock, ticker);
    this.journal = new RefusingJournal(new DirectJournal(engine));
    engine.lead(journal, versions, ReadGuard.ALWAYS);
    engine.allowMemory(true);
  }

  private final class RefusingJournal implements Journal {

    private final Journal direct;

    private RefusingJournal(Journal direct) {
      this.direct = direct;
    }

    @Override
    public void append(List<Mutation> mutations, AppendListener done) {
      onAppend.accept(mutations);
      JournalException refused = refusal;
      if (refused == null) {
        direct.append(mutations, done);
      } else {
        done.failed(refused);
        done.afterwards().run();
      }
    }

    @Override
    public void close() {}
  }

  public static EngineFixture of(Settings settings) {
    return new EngineFixture(settings.build(), new FakeTicker());
  }

  public static EngineFixture of(Settings settings, Ticker ticker) {
    return new EngineFixture(settings.build(), ticker);
  }

  /** Settings with defaults that are in no test's way. */
  public static Settings settings() {
    return new Settings();
  }

  public static Key key(String text) {
    return Key.of(text);
  }

  public static Value value(String text) {
    return new Value(text.getBytes(UTF_8), null, Value.NEVER);
  }

  public static @Nullable String text(Versioned versioned) {
    Value value = versioned.value();
    return value == null ? null : new String(value.bytes(), UTF_8);
  }

  /** The versions of generation 1, epoch 0. */
  public static VersionSequence versions() {
    return new VersionSequence(1, 0, CompletableFuture::new);
  }

  public Version put(String key, String value) {
    return write(key(key), value(value), Condition.NONE);
  }

  public Version delete(String key) {
    return write(key(key), null, Condition.NONE);
  }

  public @Nullable String get(String key) {
    return text(read(key(key), false).what());
  }

  /** Writes to memory alone. */
  public Version write(Key key, @Nullable Value value, Condition condition) {
    return engine.write(key, value, condition, Durability.MEMORY).version();
  }

  /** Reads as a client that asks for no replica. */
  public Read read(Key key, boolean reload) {
    return engine.read(key, reload, null);
  }

  public boolean isResident(String key) {
    Stripe stripe = table().stripe(key(key));
    stripe.lock.readLock().lock();
    try {
      return stripe.peek(key(key), key(key).hashCode()) != null;
    } finally {
      stripe.lock.readLock().unlock();
    }
  }

  Table table() {
    return engine.table();
  }

  /** Takes all that is dirty into a flush. */
  public List<Write> takeAll() {
    return engine.dirtySet().take(Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /** What a snapshot of the engine holds. */
  public List<Write> saved() {
    List<Write> saved = new ArrayList<>();
    engine
        .snapshot()
        .forEach(mutation -> {
          if (mutation instanceof Mutation.Written(Write write)) {
            saved.add(write);
          }
        });
    return saved;
  }

  /** Replaces the engine's state by a snapshot that holds these writes. */
  public void install(Write... dirty) {
    engine.install(Stream.of(dirty).<Mutation>map(Mutation.Written::new).iterator());
  }

  /** Acknowledges a flush, as write-back does. */
  public void acknowledge(List<Write> writes) {
    for (Write write : writes) {
      journal.append(List.of(new Mutation.Flushed(write.key(), write.version()))).join();
    }
  }

  /** Brings all that is dirty to the store. */
  public void flush() {
    List<Write> writes = takeAll();
    if (!writes.isEmpty()) {
      store.flush(CLAIM, versions.earlier(), writes);
      acknowledge(writes);
    }
  }

  /** The settings of an engine, to be changed one by one. */
  public static final class Settings {
    private long maxBytes = 1 << 20;
    private long maxEntries = Long.MAX_VALUE;
    private int stripes = 1;
    private TableLock lock = TableLock.OPTIMISTIC;
    private long maxDirtyBytes = 512 << 10;
    private long lowWatermarkBytes = -1;
    private long maxQuarantinedBytes = 64 << 10;
    private Duration maxWriteWait = Duration.ofMillis(20);
    private int maxWaitingWrites = 16;
    private int maxLoads = 16;
    private Duration maxLoadWait = Duration.ofMinutes(2);
    private Duration maxKeyWait = Duration.ofMinutes(2);
    private EvictionPolicy policy = EvictionPolicy.LRU;

    public Settings maxBytes(long bytes) {
      maxBytes = bytes;
      return this;
    }

    /** All of which may be dirty. */
    public Settings maxEntries(long entries) {
      maxEntries = entries;
      maxDirtyBytes = maxBytes;
      return this;
    }

    public Settings stripes(int count) {
      stripes = count;
      return this;
    }

    public Settings lock(TableLock kind) {
      lock = kind;
      return this;
    }

    public Settings maxDirtyBytes(long bytes) {
      maxDirtyBytes = bytes;
      return this;
    }

    /** What the alarm of the write-back is rung above; half of what may be dirty by default. */
    public Settings lowWatermarkBytes(long bytes) {
      lowWatermarkBytes = bytes;
      return this;
    }

    public Settings maxQuarantinedBytes(long bytes) {
      maxQuarantinedBytes = bytes;
      return this;
    }

    public Settings maxWriteWait(Duration wait) {
      maxWriteWait = wait;
      return this;
    }

    public Settings maxWaitingWrites(int writes) {
      maxWaitingWrites = writes;
      return this;
    }

    public Settings maxLoads(int loads, Duration wait) {
      maxLoads = loads;
      maxLoadWait = wait;
      return this;
    }

    public Settings maxKeyWait(Duration wait) {
      maxKeyWait = wait;
      return this;
    }

    public Settings policy(EvictionPolicy order) {
      policy = order;
      return this;
    }

    EngineSettings build() {
      return new EngineSettings(
          maxBytes,
          maxEntries,
          stripes,
          lock,
          policy,
          maxDirtyBytes,
          lowWatermarkBytes < 0 ? maxDirtyBytes / 2 : lowWatermarkBytes,
          maxQuarantinedBytes,
          maxWriteWait,
          maxWaitingWrites,
          maxLoads,
          maxLoadWait,
          maxKeyWait);
    }
  }
}
