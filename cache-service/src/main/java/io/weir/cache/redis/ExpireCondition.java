package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import java.util.Locale;

/**
 * What {@code EXPIRE} and its like ask of the expiry that a value has. None counts as one that
 * never comes.
 */
record ExpireCondition(boolean nx, boolean xx, boolean gt, boolean lt) {

  /**
   * Reads the options of a request, from its fourth word on.
   *
   * @throws CommandRefusedException when there are others, or they exclude each other
   */
  static ExpireCondition of(Request request) {
    boolean nx = false;
    boolean xx = false;
    boolean gt = false;
    boolean lt = false;
    for (int i = 3; i < request.size(); i++) {
      switch (request.text(i).toLowerCase(Locale.ROOT)) {
        case "nx" -> nx = true;
        case "xx" -> xx = true;
        case "gt" -> gt = true;
        case "lt" -> lt = true;
        default ->
            throw new CommandRefusedException(
                "ERR Unsupported option " + CommandRefusedException.excerpt(request.text(i)));
      }
    }
    if (nx && (xx || gt || lt)) {
      throw new CommandRefusedException(
          "ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (gt && lt) {
      throw new CommandRefusedException(
          "ERR GT and LT options at the same time are not compatible");
    }
    return new ExpireCondition(nx, xx, gt, lt);
  }

  /** Whether a value that expires at one time may come to expire at another. */
  boolean holds(long now, long then) {
    boolean expires = now != Value.NEVER;
    return !(nx && expires) && !(xx && !expires) && !(gt && then <= now) && !(lt && then >= now);
  }
}
