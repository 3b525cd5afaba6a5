package io.weir.cache.engine;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Walks of the {@link Buckets} that take no lock, beside one thread that changes what they walk
 * through, as the stripe's write lock lets one at a time. All keys stand in one chain.
 */
final class WalksStress {

  /** What a walk has found when its stamp says that it does not count. */
  private static final int DOES_NOT_COUNT = -1;

  private static final int BUCKETS = 4;

  /** Of one bucket, and of one when there are twice as many buckets too. */
  private static final List<Key> KEYS =
      IntStream.iterate(0, i -> i + 1)
          .mapToObj(i -> Key.of("key-" + i))
          .filter(key -> key.hashCode() % (2 * BUCKETS) == 0)
          .limit(BUCKETS + 2)
          .toList();

  private static final Key SOUGHT = KEYS.get(1);

  private WalksStress() {}

  /** Three entries at version 1, the sought one in the middle. */
  abstract static class Chain {

    final Buckets buckets = new Buckets(BUCKETS);
    final List<Entry> entries = new ArrayList<>();

    Chain() {
      for (Key key : KEYS.subList(0, 3)) {
        entries.add(add(key, 1));
      }
    }

    final Entry add(Key key, int version) {
      Entry entry = Entry.of(key, null, version);
      buckets.add(entry, key.hashCode());
      return entry;
    }

    /** The version of the sought key; 0 when the walk has not met it. */
    final int walk() {
      int stamp = buckets.stamp();
      Entry found = buckets.find(SOUGHT);
      if (!buckets.isAsOf(stamp)) {
        return DOES_NOT_COUNT;
      }
      return found == null ? 0 : (int) found.version;
    }

    final void replace(int at, int version) {
      Entry old = entries.get(at);
      Entry entry = Entry.of(old.key(), null, version);
      entry.succeed(old);
      buckets.replace(old, entry, old.keyHash());
      entries.set(at, entry);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both before")
  @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "one before, one after")
  @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both after")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not met, or an older version after a newer one")
  @State
  public static class OneIsReplaced extends Chain {

    @Actor
    public void write() {
      replace(1, 2);
    }

    @Actor
    public void read(II_Result seen) {
      seen.r1 = walk();
      seen.r2 = walk();
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "met")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not met, though it was there all the time")
  @State
  public static class NeighboursAreReplacedAndLeave extends Chain {

    @Actor
    public void write() {
      replace(2, 2);
      var _ = add(KEYS.get(3), 1);
      buckets.remove(entries.get(2));
      buckets.remove(entries.get(0));
    }

    @Actor
    public void read(I_Result seen) {
      seen.r1 = walk();
    }
  }

  @JCStressTest
  @Outcome(
      id = {"1", "-1"},
      expect = Expect.ACCEPTABLE,
      desc = "met, or it does not count")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not met by a walk that counts")
  @State
  public static class TheBucketsGrow extends Chain {

    @Actor
    public void write() {
      for (Key key : KEYS.subList(3, KEYS.size())) {
        var _ = add(key, 1);
      }
    }

    @Actor
    public void read(I_Result seen) {
      seen.r1 = walk();
    }
  }

  @JCStressTest
  @Outcome(
      id = {"1, 1", "1, 2", "2, 2"},
      expect = Expect.ACCEPTABLE,
      desc = "one after the other")
  @Outcome(
      id = {"-1, .*", ".*, -1"},
      expect = Expect.ACCEPTABLE,
      desc = "one does not count")
  @Outcome(expect = Expect.FORBIDDEN, desc = "seen between two states")
  @State
  public static class AllIsReplacedByASnapshot extends Chain {

    @Actor
    public void write() {
      buckets.beginRebuild();
      buckets.clear();
      var _ = add(SOUGHT, 2);
      buckets.endRebuild();
    }

    @Actor
    public void read(II_Result seen) {
      seen.r1 = walk();
      seen.r2 = walk();
    }
  }
}
