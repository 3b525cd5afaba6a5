package io.weir.load.run;

import java.util.SplittableRandom;

/** What the clients of a stage are to do. Safe for any number of threads. */
interface TaskSource {

  /**
   * Chooses the next operation. The key of one that writes is the caller's until it calls {@link
   * #ended}.
   *
   * @return whether there is one
   */
  boolean next(Task task, SplittableRandom random);

  /**
   * An operation has ended. The log knows it already.
   *
   * @param rejected whether it was certainly not applied
   */
  void ended(Task task, boolean rejected);
}
