package io.weir.cache.engine;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.StateMachine;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine is a linearizable map, whatever is flushed, evicted, loaded and dropped meanwhile. */
class EngineLincheckTest {

  // Made once: what makes them is no part of what is tested, and would be explored too.
  private static final Key[] KEYS = {null, Key.of("k1"), Key.of("k2"), Key.of("k3")};
  private static final Value[] VALUES = new Value[10];

  static {
    for (byte i = 1; i < VALUES.length; i++) {
      VALUES[i] = new Value(new byte[] {i}, null, Value.NEVER);
    }
  }

  /** What is called from several threads. */
  @Param(name = "key", gen = IntGen.class, conf = "1:3")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public abstract static class Engine {
    private final FakeBackingStore store = new FakeBackingStore();
    private final CacheEngine engine;
    private final AsyncEngine async;
    private final Settling journal;
    private final VersionSequence versions = EngineFixture.versions();

    protected Engine(TableLock lock, boolean pipelined) {
      engine =
          new CacheEngine(
              new EngineSettings(
                  1 << 20,
                  Long.MAX_VALUE,
                  2,
                  lock,
                  EvictionPolicy.LRU,
                  1 << 19,
                  1 << 18,
                  1 << 16,
                  Duration.ofSeconds(1),
                  4,
                  4,
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1)),
              store,
              new FakeClock(),
              () -> 1);
      async = new AsyncEngine(engine);
      journal = new Settling(engine, pipelined);
      engine.lead(journal, versions, ReadGuard.ALWAYS);
      engine.allowMemory(true);
    }

    @Operation
    public int get(@Param(name = "key") int key) {
      return number(engine.read(KEYS[key], false, null).what().value());
    }

    @Operation
    public int reload(@Param(name = "key") int key) {
      return number(engine.read(KEYS[key], true, null).what().value());
    }

    @Operation
    public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
      write(KEYS[key], VALUES[value], durability(value));
    }

    private void write(Key key, Value value, Durability durability) {
      Told told = new Told();
      if (!async.tryWrite(key, value, durability, told)) {
        async.startWrite(key, value, durability, told);
      }
      journal.settle();
    }

    @Operation
    public void delete(@Param(name = "key") int key) {
      write(KEYS[key], null, Durability.JOURNAL);
    }

    @Operation
    public boolean putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
      return update(
          List.of(KEYS[key]),
          current ->
              current.getFirst().value() == null
                  ? List.of(new Edit(KEYS[key], VALUES[value]))
                  : List.of(),
          durability(value));
    }

    /** Adds one, and begins at one again. */
    @Operation
    public int increment(@Param(name = "key") int key) {
      int[] next = new int[1];
      boolean _ =
          update(
              List.of(KEYS[key]),
              current -> {
                next[0] = number(current.getFirst().value()) % 9 + 1;
                return List.of(new Edit(KEYS[key], VALUES[next[0]]));
              },
              durability(key));
      return next[0];
    }

    /** Looks at two keys, and changes nothing. */
    @Operation
    public int look(@Param(name = "key") int key) {
      int[] seen = new int[1];
      boolean _ =
          update(
              List.of(KEYS[key % 3 + 1], KEYS[key]),
              current -> {
                seen[0] = number(current.getLast().value());
                return List.of();
              },
              Durability.JOURNAL);
      return seen[0];
    }

    /** Returns whether something was written. */
    private boolean update(List<Key> keys, Update update, Durability durability) {
      Told told = new Told();
      if (!async.tryUpdate(keys, update, durability, told)) {
        async.startUpdate(keys, update, durability, told);
      }
      journal.settle();
      return told.written != null;
    }

    /** There is one write-back, so one flush at a time. */
    @Operation(nonParallelGroup = "write-back")
    public void flush() {
      List<Write> batch = engine.dirtySet().take(Long.MAX_VALUE, 10, 1 << 20);
      if (!batch.isEmpty()) {
        store.flush(EngineFixture.CLAIM, versions.earlier(), batch);
        for (Write write : batch) {
          var _ = journal.append(List.of(new Mutation.Flushed(write.key(), write.version())));
        }
        journal.settle();
      }
    }

    @Operation(nonParallelGroup = "write-back")
    public void failToFlush() {
      engine.dirtySet().giveBack(engine.dirtySet().take(Long.MAX_VALUE, 10, 1 << 20));
    }

    /** Evicts the key's stripe's coldest clean entry, as a write that needs room does. */
    @Operation
    public void evict(@Param(name = "key") int key) {
      Stripe stripe = engine.table().stripe(KEYS[key]);
      stripe.lock.writeLock().lock();
      try {
        stripe.applyTouches();
        stripe.evictOne(null);
      } finally {
        stripe.lock.writeLock().unlock();
      }
    }
  }

  /** Hears an outcome. Of its own thread, or under the journal's monitor. */
  private static final class Told implements WriteListener {
    private Written written;

    @Override
    public void written(Written what) {
      written = what;
    }

    @Override
    public void failed(RuntimeException why) {
      throw why;
    }

    @Override
    public Bulk bulk() {
      return Bulk.NONE;
    }
  }

  /**
   * A journal that applies at once, or what has come together as soon as one of those settles who
   * wait for it.
   */
  private static final class Settling implements Journal {
    private final StateMachine machine;
    private final boolean pipelined;
    private final Queue<Runnable> proposed = new ConcurrentLinkedQueue<>();

    Settling(StateMachine machine, boolean pipelined) {
      this.machine = machine;
      this.pipelined = pipelined;
    }

    @Override
    public void append(List<Mutation> mutations, AppendListener done) {
      Runnable apply =
          () -> {
            mutations.forEach(machine::apply);
            done.applied();
            done.afterwards().run();
          };
      if (pipelined) {
        proposed.add(apply);
      } else {
        apply.run();
      }
    }

    synchronized void settle() {
      for (Runnable next = proposed.poll(); next != null; next = proposed.poll()) {
        next.run();
      }
    }

    @Override
    public void close() {}
  }

  /** Whose reads take no lock. */
  public static final class Optimistic extends Engine {
    public Optimistic() {
      super(TableLock.OPTIMISTIC, false);
    }
  }

  /** Whose reads take the read lock. */
  public static final class ReadWrite extends Engine {
    public ReadWrite() {
      super(TableLock.READ_WRITE, false);
    }
  }

  /** Whose writes are on their way for a while, so that others are decided on them. */
  public static final class Pipelined extends Engine {
    public Pipelined() {
      super(TableLock.OPTIMISTIC, true);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Optimistic.class, ReadWrite.class})
  void isALinearizableMapUnderEveryInterleavingTried(Class<?> engine) {
    new ModelCheckingOptions()
        .iterations(3)
        .invocationsPerIteration(40)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(1)
        // The map and the counters of the JDK are trusted; the engine's own steps are explored.
        .addGuarantee(
            forClasses(
                    FakeBackingStore.class.getName(),
                    ConcurrentHashMap.class.getName(),
                    LongAdder.class.getName())
                .allMethods()
                .treatAsAtomic())
        .sequentialSpecification(SequentialMap.class)
        .check(engine);
  }

  @ParameterizedTest
  @ValueSource(classes = {Optimistic.class, ReadWrite.class, Pipelined.class})
  void isALinearizableMapUnderStress(Class<?> engine) {
    new StressOptions()
        .iterations(20)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(2)
        .actorsAfter(2)
        .sequentialSpecification(SequentialMap.class)
        .check(engine);
  }

  /** Both ways, mixed. */
  private static Durability durability(int value) {
    return value % 2 == 0 ? Durability.JOURNAL : Durability.MEMORY;
  }

  private static int number(Value value) {
    return value == null ? 0 : value.bytes()[0];
  }

  /** What the engine is taken for. */
  public static final class SequentialMap {
    private final int[] values = new int[4];

    public int get(int key) {
      return values[key];
    }

    public int reload(int key) {
      return values[key];
    }

    public void put(int key, int value) {
      values[key] = value;
    }

    public void delete(int key) {
      values[key] = 0;
    }

    public boolean putIfAbsent(int key, int value) {
      if (values[key] != 0) {
        return false;
      }
      values[key] = value;
      return true;
    }

    public int increment(int key) {
      values[key] = values[key] % 9 + 1;
      return values[key];
    }

    public int look(int key) {
      return values[key];
    }

    public void evict(int key) {}

    public void flush() {}

    public void failToFlush() {}
  }
}
