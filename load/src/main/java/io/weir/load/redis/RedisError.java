package io.weir.load.redis;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An error reply, and what it says of the command that it answers.
 *
 * @param text the reply without the {@code -} in front
 */
public record RedisError(String text) {

  /** By the word in front, nothing was done, and the same request may succeed in a moment. */
  private static final Set<String> FOR_A_MOMENT =
      Set.of("CLUSTERDOWN", "TRYAGAIN", "LOADING", "READONLY", "MASTERDOWN", "OOM", "BUSY");

  /** By the word in front, nothing was done, and nothing will be. */
  private static final Set<String> FOR_GOOD =
      Set.of("NOAUTH", "WRONGPASS", "NOPERM", "CROSSSLOT", "WRONGTYPE", "NOPROTO");

  /** What is known after it. */
  public enum Meaning {
    /** Another server answers for the key; nothing was done here. */
    MOVED,
    /** Nothing was done; the server takes no such request at the moment. */
    UNAVAILABLE,
    /** Nothing was done: the server does not take such a request from this client. */
    REFUSED,
    /**
     * The command may have been carried out. That is what every error means which does not say
     * otherwise by its first word.
     */
    UNKNOWN
  }

  /** What it says of the command. */
  public Meaning meaning() {
    String word = word();
    if (word.equals("MOVED") || word.equals("ASK")) {
      return Meaning.MOVED;
    }
    if (FOR_A_MOMENT.contains(word)) {
      return Meaning.UNAVAILABLE;
    }
    return FOR_GOOD.contains(word) ? Meaning.REFUSED : Meaning.UNKNOWN;
  }

  /** The {@code host:port} that a {@code MOVED} names; null when it names none. */
  public @Nullable String owner() {
    String[] words = text.split(" ", -1);
    return words.length >= 3 && words[2].lastIndexOf(':') > 0 ? words[2] : null;
  }

  private String word() {
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }
}
