package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.kv.Value;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order against the same rules over plain lists: the same victims, in the same places. */
class TinyLfuOrderPropertyTest {

  private static final int STEPS = 60_000;
  private static final int KEYS = 300;
  private static final int ROOM = 20_000;

  private final MemoryBound memory = new MemoryBound(Long.MAX_VALUE, Long.MAX_VALUE);
  private final TinyLfuOrder order = new TinyLfuOrder(memory);
  private final Model model = new Model();
  private final Entry[] resident = new Entry[KEYS];
  private final RecencyList parked = new RecencyList();

  @Test
  void victimsAndPlacesAreThoseOfTheModel() {
    long seed = System.nanoTime();
    System.out.println("TinyLfuOrderPropertyTest seed " + seed);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      String when = "seed " + seed + ", step " + step;
      step(random, when);
      assertSame(when);
    }
    assertThat(memory.statistics().bytes()).isEqualTo(model.sketch.bytes());
  }

  private void step(Random random, String when) {
    int key = (int) (KEYS * Math.pow(random.nextDouble(), 3));
    Entry entry = resident[key];
    int action = random.nextInt(20);
    if (entry == null) {
      add(key, 50 + (int) Math.pow(random.nextInt(20), 2 + random.nextInt(2)), when);
    } else if (action <= 1) {
      Entry fresh = entry(key, 50 + random.nextInt(2_000));
      order.replace(entry, fresh);
      fresh.succeed(entry);
      model.use(entry, fresh);
      resident[key] = fresh;
    } else if (action == 2 && entry.dirt == null) {
      entry.dirt = new Dirt(entry);
    } else if (action == 3 && entry.dirt != null) {
      entry.dirt = null;
      if (entry.list == parked) {
        parked.remove(entry);
        order.comeBack(entry);
        model.comeBack(entry);
      }
    } else if (action == 4) {
      order.remove(entry);
      model.remove(entry);
      resident[key] = null;
    } else {
      order.use(entry);
      model.use(entry, entry);
    }
    while (bytes() > ROOM && evict(null, when)) {
      // Heavier entries need room too.
    }
  }

  private static Entry entry(int key, int bytes) {
    return Entry.of(Key.of("key-" + key), new Value(new byte[bytes], null, Value.NEVER), 1);
  }

  private void add(int key, int weight, String when) {
    while (bytes() + weight > ROOM && evict(null, when)) {
      // As a stripe makes room.
    }
    Entry entry = entry(key, weight);
    resident[key] = entry;
    order.add(entry);
    model.add(entry);
  }

  private long bytes() {
    long sum = 0;
    for (Entry entry : resident) {
      sum += entry == null ? 0 : entry.cleanWeight();
    }
    return sum;
  }

  private boolean evict(@Nullable Entry spared, String when) {
    Entry victim = order.victim(spared);
    assertThat(victim).as(when).isSameAs(model.victim(spared));
    if (victim == null) {
      return false;
    }
    if (victim.dirt != null) {
      order.setAside(victim);
      model.leave(victim);
      parked.addByUse(victim);
      assertThat(victim.hotter).as("the last that was parked, %s", when).isNull();
    } else {
      order.remove(victim);
      model.remove(victim);
      for (int i = 0; i < KEYS; i++) {
        resident[i] = resident[i] == victim ? null : resident[i];
      }
    }
    return true;
  }

  private void assertSame(String when) {
    List<RecencyList> lists = order.lists();
    assertThat(listed(lists.get(0))).as("probation, %s", when).isEqualTo(model.probation);
    assertThat(listed(lists.get(1))).as("window, %s", when).isEqualTo(model.window);
    assertThat(listed(lists.get(2))).as("protected, %s", when).isEqualTo(model.protectedPart);
    for (Entry entry : resident) {
      if (entry != null && entry.dirt == null) {
        assertThat(lists.contains(entry.list))
            .as("%s is in the lists, %s", entry.key(), when)
            .isTrue();
      }
    }
  }

  private static List<Entry> listed(RecencyList list) {
    List<Entry> all = new ArrayList<>();
    long bytes = 0;
    for (Entry entry = list.coldest(); entry != null; entry = entry.hotter) {
      all.add(entry);
      bytes += entry.cleanWeight();
    }
    assertThat(list.bytes()).isEqualTo(bytes);
    return all;
  }

  /** The coldest of each list is its first. */
  private static final class Model {

    private final FrequencySketch sketch = new FrequencySketch();
    private final WindowClimber climber = new WindowClimber();
    private final List<Entry> window = new ArrayList<>();
    private final List<Entry> probation = new ArrayList<>();
    private final List<Entry> protectedPart = new ArrayList<>();
    private int entries;

    void add(Entry entry) {
      entries++;
      if (sketch.isShortOfRoom(entries)) {
        sketch.grow();
      }
      sketch.increment(entry.keyHash());
      climber.missed(entries);
      window.add(entry);
      for (int i = 0; i < 8; i++) {
        if (bytes(window.subList(1, window.size())) <= windowBytes() + all() / 16) {
          break;
        }
        probation.add(window.removeFirst());
      }
    }

    /** A use that leaves another entry in its place, or the same. */
    void use(Entry entry, Entry fresh) {
      sketch.increment(entry.keyHash());
      climber.hit(entries);
      boolean recent = window.contains(entry);
      leave(entry);
      (recent ? window : protectedPart).add(fresh);
      for (int i = 0; i < 8; i++) {
        long main = bytes(probation) + bytes(protectedPart);
        if (bytes(protectedPart) <= (long) (0.8 * main)) {
          break;
        }
        probation.add(protectedPart.removeFirst());
      }
    }

    @Nullable Entry victim(@Nullable Entry spared) {
      List<Entry> main = new ArrayList<>(probation);
      main.addAll(protectedPart);
      main.remove(spared);
      List<Entry> recent = new ArrayList<>(window);
      recent.remove(spared);
      if (main.isEmpty() || recent.isEmpty()) {
        recent.addAll(main);
        return recent.isEmpty() ? null : recent.getFirst();
      }
      Entry resident = main.getFirst();
      Entry candidate = recent.getFirst();
      if (bytes(window) <= windowBytes()) {
        return resident;
      }
      if (sketch.frequency(candidate.keyHash()) <= sketch.frequency(resident.keyHash())) {
        return candidate;
      }
      if (resident.dirt == null) {
        window.remove(candidate);
        probation.add(candidate);
      }
      return resident;
    }

    void comeBack(Entry entry) {
      probation.addFirst(entry);
    }

    void remove(Entry entry) {
      leave(entry);
      entries--;
    }

    void leave(Entry entry) {
      window.remove(entry);
      probation.remove(entry);
      protectedPart.remove(entry);
    }

    private long windowBytes() {
      return (long) (climber.windowShare() * all());
    }

    private long all() {
      return bytes(window) + bytes(probation) + bytes(protectedPart);
    }

    private static long bytes(List<Entry> list) {
      return list.stream().mapToLong(Entry::cleanWeight).sum();
    }
  }
}
