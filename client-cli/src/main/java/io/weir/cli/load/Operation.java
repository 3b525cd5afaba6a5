package io.weir.cli.load;

import java.util.Locale;

/** What a client does to a key. */
public enum Operation {
  GET,
  PUT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
