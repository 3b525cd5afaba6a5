package io.weir.load.workload;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Draws the keys of a load. Shared by all its clients, safe for any number of threads.
 *
 * <p>A draw gives a <i>place</i>, and the place gives the key; neighbouring places are about
 * equally popular, so that a client that may not have a key takes that of the next place.
 */
public interface KeyChooser {

  /** Draws a place. */
  int place(SplittableRandom random);

  /** Returns the key at a place, any number that is not negative. */
  int key(int place);

  /** Draws a key. */
  default int next(SplittableRandom random) {
    return key(place(random));
  }

  /** Returns the chooser for a popularity and the keys there are. */
  static KeyChooser of(Popularity popularity, int keys, Insertions insertions) {
    return switch (popularity.distribution()) {
      case UNIFORM -> new Scattered(Ranks.uniform(keys), keys);
      case ZIPFIAN -> new Scattered(new ZipfianRanks(keys, popularity.theta()), keys);
      case HOTSPOT ->
          new Scattered(
              Ranks.hotspot(keys, popularity.hotKeys(), popularity.hotOperations()), keys);
      case LATEST -> new Latest(new ZipfianRanks(keys, popularity.theta()), insertions);
      case SEQUENTIAL -> new Sequential(keys, insertions.startOfRound());
    };
  }

  /** Popular keys lie scattered over all, and so over the shards. */
  final class Scattered implements KeyChooser {
    private final Ranks ranks;
    private final Scramble scramble;
    private final int keys;

    Scattered(Ranks ranks, int keys) {
      this.ranks = ranks;
      this.keys = keys;
      this.scramble = new Scramble(keys);
    }

    @Override
    public int place(SplittableRandom random) {
      return ranks.next(random);
    }

    @Override
    public int key(int place) {
      return scramble.at(place < keys ? place : place % keys);
    }
  }

  /** Counts from the key that was inserted last. */
  final class Latest implements KeyChooser {
    private final Ranks ranks;
    private final Insertions insertions;

    Latest(Ranks ranks, Insertions insertions) {
      this.ranks = ranks;
      this.insertions = insertions;
    }

    @Override
    public int place(SplittableRandom random) {
      return ranks.next(random);
    }

    @Override
    public int key(int place) {
      int count = insertions.count();
      return insertions.key(count - 1 - place % count);
    }
  }

  /** One counter for all clients. */
  final class Sequential implements KeyChooser {
    private final int keys;
    private final AtomicInteger next;

    Sequential(int keys, int first) {
      this.keys = keys;
      this.next = new AtomicInteger(first);
    }

    @Override
    public int place(SplittableRandom random) {
      return next.getAndUpdate(at -> at + 1 < keys ? at + 1 : 0);
    }

    @Override
    public int key(int place) {
      return place % keys;
    }
  }
}
