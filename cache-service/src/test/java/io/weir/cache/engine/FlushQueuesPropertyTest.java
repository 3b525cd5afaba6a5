package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.DirtyLedger.Origin;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever entries go through, what waits is counted, and the oldest of it is known. */
class FlushQueuesPropertyTest {

  private static final int STEPS = 30_000;
  private static final int KEYS = 24;

  private final Buckets entries = new Buckets();
  private final DirtyBudget budget = new DirtyBudget(1 << 30, 1_000, 2_000, 1, Duration.ZERO);
  private final Backlog backlog = new Backlog(Long.MAX_VALUE, Long.MAX_VALUE);
  private final DirtyLedger ledger =
      new DirtyLedger(entries, budget, backlog, new DirtyStatistics.Counter());
  private final List<Entry> all = new ArrayList<>();
  private final RecencyList recency = new RecencyList();
  private final List<Write> inFlight = new ArrayList<>();
  private long version;

  @Test
  void theBacklogIsWhatTheEntriesSay() {
    long seed = System.nanoTime();
    System.out.println("FlushQueuesPropertyTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < KEYS; i++) {
      Entry entry = Entry.of(Key.of("key-" + i), null, 1);
      entries.add(entry, entry.keyHash());
      all.add(entry);
      recency.addHottest(entry);
    }
    for (int step = 0; step < STEPS; step++) {
      step(random, step);
      assertCounted("seed " + seed + ", step " + step);
    }
    ledger.requeue();
    for (Entry entry : all) {
      boolean _ = ledger.flushed(entry, entry.version);
    }
    assertCounted("seed " + seed);
    assertThat(backlog.entries()).isZero();
    assertThat(budget.dirtyBytes()).isZero();
    assertThat(budget.quarantinedBytes()).isZero();
  }

  private void step(Random random, int now) {
    Entry entry = all.get((int) (KEYS * Math.pow(random.nextDouble(), 2)));
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> write(entry, random, now);
      case 4 -> park(entry);
      case 5, 6 -> takeUnlessSomeIsInFlight(random, now);
      case 7, 8 -> endOne(random);
      case 9 -> {
        if (random.nextInt(20) == 0) {
          inFlight.clear();
          ledger.requeue();
        }
      }
      case 10 -> {
        if (inFlight.isEmpty()) {
          Write again = ledger.takeAside(entry.key());
          if (again != null) {
            inFlight.add(again);
          }
        }
      }
      default -> {
        boolean _ = ledger.flushed(entry, 1 + random.nextLong(version + 1));
        list(entry);
      }
    }
  }

  private void write(Entry old, Random random, int now) {
    Value value = new Value(new byte[random.nextInt(100)], null, Value.NEVER);
    Entry entry = Entry.of(old.key(), value, ++version);
    recency.useInPlaceOf(old, entry);
    entry.succeed(old);
    entries.replace(old, entry, old.keyHash());
    all.set(all.indexOf(old), entry);
    ledger.add(entry, Origin.JOURNAL, now);
  }

  private void park(Entry entry) {
    if (entry.dirt != null && entry.list == recency) {
      recency.remove(entry);
      ledger.park(entry);
    }
  }

  private void list(Entry entry) {
    if (entry.dirt == null && entry.list == null) {
      recency.addByUse(entry);
    }
  }

  private void takeUnlessSomeIsInFlight(Random random, int now) {
    if (!inFlight.isEmpty()) {
      return;
    }
    Batch batch = new Batch(1 + random.nextInt(6), 800);
    FlushQueues queues = ledger.queues();
    queues.takeParked(batch);
    switch (random.nextInt(3)) {
      case 0 -> queues.takeOld(batch, now - random.nextInt(50));
      case 1 -> {
        queues.takeWrittenOnce(batch);
        queues.takeHot(batch);
      }
      default -> queues.takeColdest(batch, recency, 5);
    }
    inFlight.addAll(batch.writes());
    assertThat(inFlight.stream().map(Write::key)).doesNotHaveDuplicates();
  }

  private void endOne(Random random) {
    if (inFlight.isEmpty()) {
      return;
    }
    Write write = inFlight.removeLast();
    Entry entry = entries.find(write.key());
    switch (random.nextInt(4)) {
      case 0 -> ledger.giveBack(write);
      case 1 -> {
        boolean _ = ledger.quarantine(write);
      }
      case 2 -> ledger.committed(write);
      default -> {
        boolean _ = ledger.flushed(entry, write.version().value());
      }
    }
    list(entry);
  }

  private void assertCounted(String when) {
    long bytes = 0;
    long count = 0;
    long oldest = Long.MAX_VALUE;
    boolean parked = false;
    for (Entry entry : all) {
      Dirt dirt = entry.dirt;
      if (dirt != null && dirt.queued) {
        bytes += entry.weight();
        count++;
        oldest = Math.min(oldest, dirt.sinceNanos);
        parked |= entry.list != recency;
        assertThat(entry.list).as(when).isNotNull();
      } else {
        assertThat(entry.list).as(when).isIn(recency, null);
      }
    }
    assertThat(backlog.bytes()).as(when).isEqualTo(bytes);
    assertThat(backlog.entries()).as(when).isEqualTo(count);
    assertThat(ledger.queues().oldestNanos()).as(when).isEqualTo(oldest);
    assertThat(ledger.queues().hasParked()).as(when).isEqualTo(parked);
  }
}
