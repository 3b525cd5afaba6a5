package io.weir.cache.redis;

import io.weir.cache.engine.Read;
import io.weir.cache.kv.Value;
import io.weir.cache.loop.WayBack;
import io.weir.model.Key;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code GET}s of a connection that wait for the replies before theirs, or for the database.
 *
 * <p><b>Ordering.</b> Each is done at its turn, when all commands before it are answered, so it
 * sees what they did. A write of other keys need not wait for that: it passes, and is in the
 * journal together with those before. One of a key that a read waits for does not.
 *
 * <p>What is not in memory is loaded meanwhile, for several of them at once: a connection that many
 * threads of a client share would else have one miss after the other.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop; loads are done elsewhere and come back.
 */
final class WaitingReads {

  private static final int MOST_LOADS = 16;

  /** A power of two. */
  private static final int BUCKETS = 256;

  private final RespConnection connection;
  private final Entries entries;
  private final ArrayDeque<Place> unloaded = new ArrayDeque<>(1);
  private int loads;

  /** How many wait for keys of each bucket of slots; null until some do. */
  private short @Nullable [] waiting;

  WaitingReads(RespConnection connection, Entries entries) {
    this.connection = connection;
    this.entries = entries;
  }

  /** Whether a write of a key may take its place in the order before the reads that wait. */
  boolean mayPass(Key key) {
    return waiting == null || waiting[bucket(key)] == 0;
  }

  private static int bucket(Key key) {
    return key.slot() & (BUCKETS - 1);
  }

  /** Adds a read whose turn is to come. */
  void add(Place place) {
    count(place.key(), 1);
    if (!isResident(place)) {
      if (loads < MOST_LOADS) {
        load(place, false);
      } else {
        unloaded.addLast(place);
      }
    }
  }

  private boolean isResident(Place place) {
    try {
      return entries.tryRead(place.key(), place.asked()) != null;
    } catch (RuntimeException e) {
      return true; // It is told when its turn comes.
    }
  }

  /** Adds a read whose turn it is, and that has to wait for the database. */
  void addFirst(Place place) {
    count(place.key(), 1);
    load(place, true);
  }

  private void count(Key key, int more) {
    if (waiting == null) {
      waiting = new short[BUCKETS];
    }
    waiting[bucket(key)] += (short) more;
  }

  /** Does a read whose turn it is; returns false when that has to wait. */
  boolean take(Place place) {
    if (place.isLoading()) {
      return false;
    }
    Read read;
    try {
      read = entries.tryRead(place.key(), place.asked());
    } catch (RuntimeException e) {
      count(place.key(), -1);
      place.fail(e);
      return true;
    }
    if (read == null) {
      load(place, true);
      return place.isAnswered();
    }
    count(place.key(), -1);
    place.reply(reply(read));
    return true;
  }

  static Reply reply(Read read) {
    Value value = read.what().value();
    return value == null ? Reply.NIL : new Reply.Bulk(value.bytes());
  }

  /**
   * Reads from the database.
   *
   * @param answers whether it is the reply; else the key is in memory then, for the turn to come
   */
  private void load(Place place, boolean answers) {
    place.loading(true);
    loads++;
    try {
      connection.executor().execute(new Load(place, answers));
    } catch (RejectedExecutionException e) {
      if (answers) {
        place.fail(e);
      }
      loaded(place, answers);
    }
  }

  private void loaded(Place place, boolean answered) {
    place.loading(false);
    loads--;
    if (answered) {
      count(place.key(), -1);
    }
    Place next = unloaded.pollFirst();
    while (next != null && (next.isAnswered() || next.isLoading())) {
      next = unloaded.pollFirst();
    }
    if (next != null) {
      load(next, false);
    }
  }

  private final class Load extends WayBack.Returning implements Runnable {

    private final Place place;
    private final boolean answers;

    Load(Place place, boolean answers) {
      this.place = place.spent();
      this.answers = answers;
    }

    @Override
    public void run() {
      try {
        Read read = entries.read(place.key(), place.asked());
        if (answers) {
          place.reply(reply(read));
        }
      } catch (RuntimeException e) {
        if (answers) {
          place.fail(e);
        }
      } catch (Error e) {
        if (answers) { // Else its turn is to come, and tells it.
          place.fail(new IllegalStateException(e));
        }
        throw e;
      } finally {
        connection.returns().push(this);
        connection.returns().told();
      }
    }

    @Override
    protected void back() {
      loaded(place, answers);
      connection.returns().goesOn(connection);
    }
  }
}
