package io.weir.cache.journal;

/**
 * Who waits for the outcome of an append.
 *
 * <p><b>Concurrency.</b> Told once, by a thread of the journal or by the one that appends. It is
 * quick, does not block, and throws nothing.
 */
public interface AppendListener {

  /** All of it is durable and applied. */
  void applied();

  /** It is not, or not known to be. */
  void failed(JournalException why);

  /**
   * What is run once this one, and those that have ended together with it, have been told: once for
   * all that have the same.
   */
  Runnable afterwards();

  /**
   * Has what waits for the journal proposed at the end of what the calling thread has at hand: who
   * appends one after the other, as an event loop does, has them share an entry. Called by the
   * thread that appends.
   *
   * @param proposing to be run soon, once for all that ask for it until then
   * @return false when nothing is at hand, and it is to be run now
   */
  default boolean proposesLater(Runnable proposing) {
    return false;
  }
}
