package io.weir.cache.redis;

/**
 * What is known of a command before it runs; {@code COMMAND} tells it, and every request is held
 * against it.
 *
 * @param name in lower case
 * @param arity how many words it has, its name included; negative when it is so many or more
 * @param firstKey index of the first key among its words; 0 when it has none
 * @param lastKey index of the last; negative ones count from the end, -1 being the last word
 * @param step from one key to the next
 * @param access what the client must be allowed to
 */
public record CommandSpec(
    String name, int arity, int firstKey, int lastKey, int step, Access access, Command command) {

  /** Whether a request of so many words is long enough, and not too long. */
  boolean takes(int words) {
    return takes(arity, words);
  }

  /** The same of an arity by itself. */
  static boolean takes(int arity, int words) {
    return arity < 0 ? words >= -arity : words == arity;
  }

  /** What a client must be allowed to, and when. */
  public enum Access {
    /** Anything, before it has logged in as well. */
    ANYBODY,
    /** Nothing but to have logged in, where tokens are asked for. */
    CONNECTED,
    READ,
    WRITE,
    OPERATE
  }
}
