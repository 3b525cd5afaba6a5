package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.NotLeader;
import io.weir.model.Consistency;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/**
 * The reads of keys: from the table, or the database, and with the word of who vouches for it.
 *
 * <p><b>Concurrency.</b> {@link #tryRead} waits for nothing; {@link #read} is for virtual threads.
 */
final class KeyReads {

  private final Standing standing;
  private final Table table;
  private final ReplayedEntries replayed;
  private final ReadThrough readThrough;
  private final Expiry expiry;

  KeyReads(
      Standing standing,
      Table table,
      ReplayedEntries replayed,
      ReadThrough readThrough,
      Expiry expiry) {
    this.standing = standing;
    this.table = table;
    this.replayed = replayed;
    this.readThrough = readThrough;
    this.expiry = expiry;
  }

  /** See {@link CacheEngine#read}. */
  Read read(Key key, boolean reload, @Nullable Consistency asked) {
    Permissions now = standing.now();
    ReadGuard guard = now.serving();
    boolean leads = now.leader() != null;
    if (!leads && asked == null) {
      throw new NotLeader();
    }
    if (replayed.withholds(key)) {
      readThrough.requireAnswer(key); // Only a database that has not gone back lets it be dropped.
      table.drop(key);
    }
    if (reload) {
      table.drop(key);
    }
    if (asked == Consistency.EVENTUAL) {
      return readNow(key);
    }
    if (leads) {
      Read read = readNow(key);
      if (guard.isCurrent()) {
        return read;
      }
    }
    guard.confirm();
    return readNow(key);
  }

  /** Reads the table as it is, and the database when the key is not resident. */
  private Read readNow(Key key) {
    Entry resident = table.read(key);
    return resident == null ? readThrough.load(key) : expiry.read(resident);
  }

  /**
   * Reads a key that is resident, and known to be current; null for any other, whatever the reason.
   */
  @Nullable Read tryRead(Key key, @Nullable Consistency asked) {
    Permissions now = standing.now();
    ReadGuard guard = now.guard();
    boolean eventual = asked == Consistency.EVENTUAL;
    if (guard == null || (now.leader() == null && !eventual) || replayed.isWithheld()) {
      return null;
    }
    Entry resident = table.tryRead(key);
    return resident != null && (eventual || guard.isCurrent()) ? expiry.read(resident) : null;
  }
}
