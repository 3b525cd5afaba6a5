package io.weir.cache.engine;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The write-back's view of the table: what the database does not hold yet. One thread takes and
 * gives back; a write taken is flushing until it is committed, acknowledged (by a {@code Flushed}
 * mutation of the journal), given back or quarantined. Versions that were replaced meanwhile stay
 * dirty under their newer version.
 */
public interface DirtySet {

  /**
   * Takes the next writes for a flush: first those that eviction waits for, then the oldest.
   *
   * @param dirtySinceNanos take entries that became dirty at this time of the ticker, or before
   * @param maxEntries bound of the batch
   * @param maxBytes bound of its bytes; one entry is taken whatever it weighs
   * @return at most one write a key; empty when nothing is due
   */
  List<Write> take(long dirtySinceNanos, int maxEntries, long maxBytes);

  /** Takes one queued write into a flush, chosen at random; empty when none is queued. */
  Optional<Write> takeAny();

  /**
   * Takes the next writes so that less is dirty: first those that eviction waits for, then the
   * oldest of what was not written again since it was queued, and only then the oldest of the rest.
   * The bounds are those of {@link #take}.
   */
  List<Write> takeForRoom(int maxEntries, long maxBytes);

  /**
   * Takes the writes that eviction waits for, and those that it would come to next, as far as it
   * looks ahead. The bounds are those of {@link #take}.
   */
  List<Write> takeForEviction(int maxEntries, long maxBytes);

  /** What waits for a flush. */
  Waiting waiting();

  /**
   * The most entries that should wait for a flush, whatever their bytes: above it write-back waits
   * for no age.
   */
  long manyEntries();

  /**
   * Rung when something comes to wait where nothing did, when eviction waits, and when much waits.
   * For the write-back's thread to sleep on.
   */
  Alarm alarm();

  /**
   * Notes that the database has committed writes of a flush, which has ended. They stay dirty, and
   * out of the queue, until they are acknowledged, replaced, or queued again with all others.
   */
  void committed(List<Write> writes);

  /** Gives writes back whose flush failed; they are dirty again, as old as before. */
  void giveBack(List<Write> writes);

  /**
   * Sets a write of a flush aside that the database does not take, as was tried. It stays readable
   * and pinned; a newer write of the key replaces it.
   *
   * @return false when it was replaced already
   */
  boolean quarantine(Write write);

  /**
   * Sets a write of a flush aside that may not be at fault, so that no batch meets it until it is
   * taken by its key. It stays readable and pinned; a newer write of the key replaces it.
   *
   * @return false when it was replaced already
   */
  boolean setAside(Write write);

  /** Takes a write that is set aside for another try; empty when it was replaced, or flushed. */
  Optional<Write> takeAside(Key key);

  /**
   * Looks at a quarantined write, which is one that is set aside and at fault; empty when it was
   * replaced, or flushed. For any thread.
   */
  Optional<Write> quarantined(Key key);

  /**
   * Puts every dirty entry into the queue, quarantined ones too: what an earlier write-back had
   * taken and not brought to an end is due again. Before a new one begins, and after the old one
   * has ended.
   */
  void requeueAll();

  /** Bytes that are dirty, in flight to becoming so, or flushing; quarantined ones left out. */
  long dirtyBytes();

  /** Entries that the database does not hold in their newest version, quarantined ones included. */
  long dirtyEntries();

  /**
   * Takes the database's first word of a reign, before any flush: until then what this server holds
   * clean by its journal's word alone is withheld.
   *
   * @param wentBack whether it holds less than it has acknowledged
   */
  void databaseAnswers(boolean wentBack);

  /**
   * The clean entries that have a version, as the writes that left them so: copied stripe by stripe
   * as they are iterated. What changes meanwhile may be among them or not.
   */
  Iterator<Write> clean();

  /** Whether a write is resident, clean, and its key's newest. */
  boolean isClean(Write write);

  /**
   * Does something to a key while no write of it is on its way: those that come meanwhile wait, and
   * so does what brings the key's entry from memory into the journal. Does not wait.
   *
   * @return empty, with nothing done, when a write of the key is on its way
   */
  <T> Optional<T> aloneNow(Key key, Supplier<T> deed);

  /** Ticker nanoseconds since which the oldest that waits is dirty; empty when there is none. */
  OptionalLong oldestDirtyNanos();
}
