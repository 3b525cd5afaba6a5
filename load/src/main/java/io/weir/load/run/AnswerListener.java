package io.weir.load.run;

import io.weir.client.CacheStatus;

/**
 * Told of each key that was answered, warm-up included. Called on the event loops, any number of
 * which may call at once; what it takes long for delays the load.
 */
public interface AnswerListener {

  /** A read has succeeded. */
  void read(int key, CacheStatus status);

  /** A write has been acknowledged. */
  void wrote(int key);
}
