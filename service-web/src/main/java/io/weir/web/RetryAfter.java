package io.weir.web;

import java.util.concurrent.ThreadLocalRandom;

/** What a 503 tells a client to wait. */
public final class RetryAfter {

  private RetryAfter() {}

  /**
   * The seconds as the header has them: the least to twice as many, at random, so that clients that
   * are refused together do not come again together.
   */
  public static String seconds(int least) {
    return Integer.toString(least + ThreadLocalRandom.current().nextInt(least + 1));
  }
}
