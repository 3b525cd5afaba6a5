package io.weir.cache.writeback;

/** What becomes of a refused row that is to be discarded. */
public enum DiscardOutcome {
  /** It is gone from the memory and the journal of every member. */
  DISCARDED,
  /** No row of the key is refused: it was written meanwhile, or never refused. */
  NOT_QUARANTINED,
  /** Another version of the key is refused; that one was not asked for. */
  OTHER_VERSION,
  /** Other writes of the key take too long; nothing is done. */
  BUSY
}
