package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.DirectJournal;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;

/**
 * A leader and a replica over one store in which somebody else puts rows, at random, at versions
 * that the shard has not given yet: some of them it will have given a moment later.
 */
class ForeignRowsPropertyTest {

  private static final int KEYS = 6;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final EngineFixture cache = EngineFixture.of(settings());
  private final CacheEngine replica =
      new CacheEngine(settings().build(), cache.store, (Clock) cache.clock, cache.ticker);
  private final Journal journal = new Both(new DirectJournal(cache.engine), replica);

  /** What was acknowledged of each key; an empty text stands for a delete. */
  private final Map<String, String> written = new HashMap<>();

  /** Keys of which another program has put a row in since they were last flushed. */
  private final Set<String> changed = new HashSet<>();

  /** The versions of those rows. */
  private final Set<Long> foreign = new HashSet<>();

  /** Applies at the replica, then at the leader. */
  private record Both(Journal leader, CacheEngine replica) implements Journal {

    @Override
    public void append(List<Mutation> mutations, AppendListener done) {
      mutations.forEach(replica::apply);
      leader.append(mutations, done);
    }

    @Override
    public void close() {}
  }

  @RepeatedTest(100)
  void noAcknowledgedWriteIsLostToThemAndMembersAgreeOnWhatIsDirty() {
    cache.engine.lead(journal, cache.versions, ReadGuard.ALWAYS);
    cache.engine.allowMemory(false);
    replica.follow(ReadGuard.ALWAYS);
    for (int step = 0; step < 400; step++) {
      String key = "k" + random.nextInt(KEYS);
      switch (random.nextInt(8)) {
        case 0, 1 -> write(key, "v" + step);
        case 2 -> write(key, "");
        case 3 -> insert(key, "foreign " + step);
        case 4 -> cache.read(key(key), random.nextBoolean());
        case 5 -> replica.read(key(key), random.nextBoolean(), Consistency.EVENTUAL);
        case 6 -> cache.versions.skip(random.nextInt(50));
        default -> flush();
      }
      assertThat(dirty(replica)).as("seed %d, step %d", seed, step).isEqualTo(dirty(cache.engine));
    }
    assertThat(cache.store.violations).as("seed %d", seed).isEmpty();
  }

  private void write(String key, String text) {
    while (foreign.contains(cache.versions.last().value() + 1)) {
      cache.versions.skip(1); // A row at a write's very version counts as that write, repeated.
    }
    var _ =
        cache.engine.write(
            key(key), text.isEmpty() ? null : value(text), Condition.NONE, Durability.JOURNAL);
    written.put(key, text);
    assertThat(seen(cache.engine, key)).as("seed %d", seed).isEqualTo(text);
    assertThat(seen(replica, key)).as("seed %d", seed).isEqualTo(text);
  }

  private void insert(String key, String text) {
    long version =
        switch (random.nextInt(3)) {
          case 0 -> 1L << 62;
          case 1 -> Long.MAX_VALUE;
          default -> cache.versions.last().value() + 1 + random.nextInt(200);
        };
    cache.store.insert(key(key), version, value(text));
    foreign.add(version);
    changed.add(key);
  }

  private void flush() {
    List<Write> batch = cache.takeAll();
    if (batch.isEmpty()) {
      return;
    }
    cache.store.flush(EngineFixture.CLAIM, cache.versions.earlier(), batch);
    for (Write write : batch) {
      journal.append(List.of(new Mutation.Flushed(write.key(), write.version()))).join();
      changed.remove(write.key().toString());
    }
    for (Write write : batch) {
      String key = write.key().toString();
      assertThat(row(key)).as("seed %d", seed).isEqualTo(written.get(key));
    }
    // Whatever is read anew is what was flushed, where nobody else has written since.
    written.keySet().stream()
        .filter(key -> !changed.contains(key))
        .forEach(key -> {
          var _ = cache.read(key(key), true);
          assertThat(seen(cache.engine, key)).as("seed %d", seed).isEqualTo(written.get(key));
        });
  }

  private String row(String key) {
    String text = text(cache.store.row(key(key)));
    return text == null ? "" : text;
  }

  private static String seen(CacheEngine engine, String key) {
    String text = text(engine.read(key(key), false, Consistency.EVENTUAL).what());
    return text == null ? "" : text;
  }

  private static List<String> dirty(CacheEngine engine) {
    return engine.table().stripes().stream()
        .flatMap(stripe -> stripe.seen(s -> s.ledger().writes(dirt -> true)).stream())
        .sorted(Comparator.comparing(Write::key))
        .map(write -> write.key() + " " + write.version())
        .toList();
  }
}
