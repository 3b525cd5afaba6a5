package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One stripe and one thread against a {@link LinkedHashMap} in access order: the same keys resident
 * in the same order after every step, whether flushes keep up or lag behind.
 */
class RecencyModelPropertyTest {

  private static final int STEPS = 20_000;
  private static final int KEYS = 60;

  @ParameterizedTest
  @CsvSource({
    "6000, 9223372036854775807, false",
    "1000000, 12, false",
    "6000, 20, false",
    "6000, 9223372036854775807, true",
    "6000, 20, true",
  })
  void residencyAndOrderAreThoseOfTheModel(long maxBytes, long maxEntries, boolean lagging) {
    long seed = System.nanoTime();
    System.out.println("RecencyModelPropertyTest seed " + seed);
    Random random = new Random(seed);
    EngineFixture engine =
        EngineFixture.of(
            EngineFixture.settings()
                .maxBytes(maxBytes)
                .maxEntries(maxEntries)
                .maxDirtyBytes(maxBytes / 2));
    Model model = new Model(maxBytes, maxEntries);
    List<Write> inFlight = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      String key = "key-" + (int) (KEYS * Math.pow(random.nextDouble(), 2));
      int action = random.nextInt(100);
      if (action < 60) {
        engine.get(key);
        model.read(key, engine.store.row(Key.of(key)).value());
      } else if (action < 90) {
        write(engine, model, key, "x".repeat(random.nextInt(900)));
      } else {
        write(engine, model, key, null);
      }
      if (!lagging) {
        engine.flush();
        model.dirty().forEach(model::taken);
        model.flushed(model.dirty());
      } else if (random.nextInt(4) == 0) {
        lag(engine, model, inFlight, random);
      }
      assertSame(engine, model, "seed " + seed + ", step " + step);
    }
  }

  private static void write(EngineFixture engine, Model model, String key, String text) {
    int bytes = Weights.ofDirty(Key.of(key), text == null ? null : EngineFixture.value(text));
    EngineStatistics now = engine.engine.statistics();
    if (now.dirty().bytes() + bytes > now.dirty().maxBytes()
        || now.dirty().entries() >= model.maxEntries / 2) {
      return;
    }
    if (text == null) {
      engine.delete(key);
    } else {
      engine.put(key, text);
    }
    model.write(key, text == null ? null : EngineFixture.value(text));
  }

  /** Begins a flush, or ends the one in progress, well or not. */
  private static void lag(EngineFixture engine, Model model, List<Write> inFlight, Random random) {
    if (inFlight.isEmpty()) {
      inFlight.addAll(engine.engine.dirtySet().take(Long.MAX_VALUE, 1 + random.nextInt(8), 4096));
      inFlight.forEach(write -> model.taken(write.key().toString()));
      return;
    }
    if (random.nextInt(3) == 0) {
      engine.engine.dirtySet().giveBack(inFlight);
    } else {
      engine.store.flush(EngineFixture.CLAIM, engine.versions.earlier(), inFlight);
      engine.acknowledge(inFlight);
      model.flushed(inFlight.stream().map(write -> write.key().toString()).toList());
    }
    inFlight.clear();
  }

  private static void assertSame(EngineFixture engine, Model model, String when) {
    Stripe stripe = engine.table().stripe(Key.of("any"));
    List<String> clean = new ArrayList<>();
    stripe.lock.writeLock().lock();
    try {
      stripe.applyTouches();
      for (Entry entry = stripe.order().lists().getFirst().coldest();
          entry != null;
          entry = entry.hotter) {
        if (entry.dirt == null) {
          clean.add(entry.key().toString());
        }
      }
    } finally {
      stripe.lock.writeLock().unlock();
    }
    assertThat(clean).as(when).isEqualTo(model.clean());
    for (int i = 0; i < KEYS; i++) {
      String key = "key-" + i;
      assertThat(engine.isResident(key)).as("%s, %s", when, key).isEqualTo(model.contains(key));
    }
    EngineStatistics statistics = engine.engine.statistics();
    assertThat(statistics.memory().bytes()).as(when).isEqualTo(model.bytes());
    assertThat(statistics.memory().entries()).as(when).isEqualTo(model.entries.size());
    assertThat(statistics.dirty().entries()).as(when).isEqualTo(model.dirty().size());
  }

  /** A cache as simple as it can be. */
  private static final class Model {

    private final LinkedHashMap<String, Held> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final long maxBytes;
    private final long maxEntries;

    private static final class Held {
      private int bytes;
      private boolean dirty;

      /** Written since the flush in progress took it. */
      private boolean writtenSince;
    }

    private Model(long maxBytes, long maxEntries) {
      this.maxBytes = maxBytes;
      this.maxEntries = maxEntries;
    }

    void read(String key, Value row) {
      if (entries.get(key) == null) {
        put(key, Weights.ofClean(Key.of(key), row));
      }
    }

    void write(String key, Value value) {
      Held held = put(key, Weights.ofDirty(Key.of(key), value));
      held.dirty = true;
      held.writtenSince = true;
    }

    private Held put(String key, int bytes) {
      Held held = entries.get(key);
      if (held == null) {
        held = new Held();
      }
      long others = bytes() - held.bytes;
      for (Iterator<Map.Entry<String, Held>> i = entries.entrySet().iterator(); i.hasNext(); ) {
        boolean fewEnough = entries.containsKey(key) || entries.size() < maxEntries;
        if (others + bytes <= maxBytes && fewEnough) {
          break;
        }
        Map.Entry<String, Held> eldest = i.next();
        if (!eldest.getValue().dirty && !eldest.getKey().equals(key)) {
          others -= eldest.getValue().bytes;
          i.remove();
        }
      }
      held.bytes = bytes;
      entries.put(key, held);
      return held;
    }

    void taken(String key) {
      peek(key).writtenSince = false;
    }

    void flushed(List<String> keys) {
      for (String key : keys) {
        Held held = peek(key);
        if (!held.writtenSince) {
          held.dirty = false;
          held.bytes -= Weights.DIRT_BYTES;
        }
      }
    }

    private Held peek(String key) {
      for (Map.Entry<String, Held> entry : entries.entrySet()) {
        if (entry.getKey().equals(key)) {
          return entry.getValue();
        }
      }
      throw new AssertionError(key + " is not resident");
    }

    List<String> dirty() {
      return keys(true);
    }

    List<String> clean() {
      return keys(false);
    }

    private List<String> keys(boolean dirty) {
      return entries.entrySet().stream()
          .filter(entry -> entry.getValue().dirty == dirty)
          .map(Map.Entry::getKey)
          .toList();
    }

    boolean contains(String key) {
      return entries.containsKey(key);
    }

    long bytes() {
      return entries.values().stream().mapToLong(held -> held.bytes).sum();
    }
  }
}
