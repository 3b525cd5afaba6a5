package io.weir.web;

import java.util.concurrent.ThreadLocalRandom;

/** What a 503 tells a client to wait. */
public final class RetryAfter {

  private RetryAfter() {}

  /**
   * The seconds: the least to twice as many, at random, so that clients that are refused together
   * do not come again together.
   */
  public static int seconds(int least) {
    return least + ThreadLocalRandom.current().nextInt(least + 1);
  }
}
