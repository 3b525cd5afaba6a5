package io.weir.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.TableLock;
import io.weir.cache.engine.Weights;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.ehcache.CacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.jspecify.annotations.Nullable;

/**
 * A cache that is measured: Weir's engine, or a peer. All get the same keys and the same values,
 * and load what they miss from a database that costs nothing.
 *
 * <p>{@link #CONCURRENT_HASH_MAP} has no bound and evicts nothing: it keeps nothing of what it
 * loads. The others hold so many entries, and are full with them: Caffeine keeps no account of what
 * is used until it is half full, and is a bare map for as long.
 */
interface Contender extends AutoCloseable {

  String WEIR = "weir";

  /** Weir's engine whose reads take a lock. */
  String WEIR_READ_WRITE = "weirReadWrite";

  /** Weir's engine as a leader reads, who asks its lease each time. */
  String WEIR_UNDER_LEASE = "weirUnderLease";

  String CAFFEINE = "caffeine";
  String CONCURRENT_HASH_MAP = "concurrentHashMap";

  /** In the order of access, behind one lock: the plainest exact LRU. */
  String LINKED_HASH_MAP = "linkedHashMap";

  String EHCACHE = "ehcache";

  /** What every key holds. */
  Value VALUE = new Value(new byte[100], null, Value.NEVER);

  /** What a key holds; loaded, and kept, if it is not resident. */
  @Nullable Object get(Key key);

  void put(Key key);

  @Override
  default void close() {}

  /**
   * Makes one.
   *
   * @param name one of the above
   * @param entries that a peer holds at most
   * @param maxBytes what Weir's resident entries may take, those that are dirty too
   * @param stripes of Weir's table
   */
  static Contender of(String name, long entries, long maxBytes, int stripes) {
    return switch (name) {
      case WEIR -> new Weir(maxBytes, stripes, TableLock.OPTIMISTIC, ReadGuard.ALWAYS);
      case WEIR_READ_WRITE -> new Weir(maxBytes, stripes, TableLock.READ_WRITE, ReadGuard.ALWAYS);
      case WEIR_UNDER_LEASE ->
          new Weir(maxBytes, stripes, TableLock.OPTIMISTIC, LeaseGuard.of(Duration.ofDays(1)));
      case CAFFEINE -> new OfCaffeine(entries * EngineFixture.WEIGHT);
      case CONCURRENT_HASH_MAP -> new Unbounded();
      case LINKED_HASH_MAP -> new Linked(entries);
      case EHCACHE -> new OfEhcache(entries);
      default -> throw new IllegalArgumentException("there is no cache " + name);
    };
  }

  /** Writes go through a journal that applies them at once; write-back runs. */
  final class Weir implements Contender {

    private final EngineFixture fixture;

    Weir(long maxBytes, int stripes, TableLock lock, ReadGuard guard) {
      fixture = EngineFixture.appliedAtOnce(EngineFixture.settings(maxBytes, stripes, lock), guard);
    }

    @Override
    public Object get(Key key) {
      return fixture.engine().read(key, false, null);
    }

    @Override
    public void put(Key key) {
      var _ = fixture.engine().write(key, VALUE, Condition.NONE, Durability.JOURNAL);
    }

    @Override
    public void close() {
      fixture.close();
    }
  }

  /** A lease that does not end while it is measured. */
  record LeaseGuard(ReadLease lease) implements ReadGuard {

    static LeaseGuard of(Duration length) {
      ReadLease lease = new ReadLease(length, System::nanoTime);
      lease.grant(1);
      lease.confirmed(Objects.requireNonNull(lease.request()));
      return new LeaseGuard(lease);
    }

    @Override
    public boolean isCurrent() {
      return lease.isValid();
    }

    @Override
    public void confirm() {
      throw new IllegalStateException("the lease has ended");
    }
  }

  /** Bounded by the same weights as Weir. */
  final class OfCaffeine implements Contender {

    private final Cache<Key, Value> cache;

    OfCaffeine(long maxBytes) {
      cache =
          Caffeine.newBuilder()
              .maximumWeight(maxBytes)
              .<Key, Value>weigher(Weights::ofClean)
              .build();
    }

    @Override
    public @Nullable Object get(Key key) {
      return cache.get(key, _ -> VALUE);
    }

    @Override
    public void put(Key key) {
      cache.put(key, VALUE);
    }
  }

  /** No policy at all: what a map costs. */
  final class Unbounded implements Contender {

    private final ConcurrentMap<Key, Value> map = new ConcurrentHashMap<>();

    @Override
    public Object get(Key key) {
      return map.getOrDefault(key, VALUE);
    }

    @Override
    public void put(Key key) {
      map.put(key, VALUE);
    }
  }

  /** One lock, which reads take too. */
  final class Linked implements Contender {

    private final Map<Key, Value> map;

    Linked(long maxEntries) {
      map =
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Value> eldest) {
              return size() > maxEntries;
            }
          };
    }

    @Override
    public Object get(Key key) {
      synchronized (map) {
        return map.computeIfAbsent(key, _ -> VALUE);
      }
    }

    @Override
    public void put(Key key) {
      synchronized (map) {
        map.put(key, VALUE);
      }
    }
  }

  /** Its heap tier, which shares what it holds. */
  final class OfEhcache implements Contender {

    private final CacheManager manager;
    private final org.ehcache.Cache<Key, Value> cache;

    OfEhcache(long maxEntries) {
      manager = CacheManagerBuilder.newCacheManagerBuilder().build(true);
      cache =
          manager.createCache(
              "cache",
              CacheConfigurationBuilder.newCacheConfigurationBuilder(
                  Key.class,
                  Value.class,
                  ResourcePoolsBuilder.newResourcePoolsBuilder()
                      .heap(maxEntries, EntryUnit.ENTRIES)));
    }

    @Override
    public Object get(Key key) {
      Value value = cache.get(key);
      if (value == null) {
        cache.put(key, VALUE);
        return VALUE;
      }
      return value;
    }

    @Override
    public void put(Key key) {
      cache.put(key, VALUE);
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
