package io.weir.load.workload;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of several load processes this one is. A process writes those keys alone whose number
 * leaves its index as the remainder, so that a key has one writer whatever the others do.
 *
 * @param index from 0
 * @param of number of processes
 */
public record ClientShare(int index, int of) {

  /** A process alone. */
  public static final ClientShare ALL = new ClientShare(0, 1);

  private static final int MOST = 1_000;
  private static final Pattern FORM = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

  public ClientShare {
    if (of < 1 || of > MOST || index < 0 || index >= of) {
      throw new IllegalArgumentException(
          "--client-id is I/N, I from 1 to N and N at most "
              + MOST
              + ", got "
              + (index + 1)
              + "/"
              + of);
    }
  }

  /**
   * Reads {@code I/N}, I from 1.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static ClientShare parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not of the form I/N, such as 1/3");
    }
    return new ClientShare(
        Integer.parseInt(matcher.group(1)) - 1, Integer.parseInt(matcher.group(2)));
  }

  /** Tells whether this process writes a key. */
  public boolean owns(int key) {
    return of == 1 || key % of == index;
  }

  /** The form of the command line. */
  @Override
  public String toString() {
    return (index + 1) + "/" + of;
  }
}
