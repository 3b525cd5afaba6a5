package io.weir.cache.journal.raft;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.JournalException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells appends that end together, and at the {@link #end} runs once what several of them want to
 * be run after that: so who has many of them hears once, and not once of each.
 *
 * <p><b>Failure.</b> What one of them throws is logged, and the others are told.
 */
final class Outcomes {

  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

  /** Most batches end for one or two. */
  private static final int FEW = 4;

  private final Set<Runnable> afterwards = Collections.newSetFromMap(new IdentityHashMap<>(FEW));

  void applied(AppendListener append) {
    try {
      append.applied();
    } catch (RuntimeException e) {
      LOG.error("an append that is applied was not taken note of", e);
    }
    afterwards.add(append.afterwards());
  }

  void failed(AppendListener append, JournalException why) {
    try {
      append.failed(why);
    } catch (RuntimeException e) {
      LOG.error("an append that has failed was not taken note of", e);
    }
    afterwards.add(append.afterwards());
  }

  void end() {
    for (Runnable each : afterwards) {
      try {
        each.run();
      } catch (RuntimeException e) {
        LOG.error("appends that have ended were not taken note of", e);
      }
    }
  }
}
