package io.weir.client;

import java.util.Locale;

/** Which of their addresses the cache servers are reached at. */
public enum Network {
  /** The ones they use among themselves. */
  INTERNAL,
  /** The ones for clients outside their network. */
  EXTERNAL;

  /** The form of the query parameter and of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
