package io.weir.client;

import java.util.Locale;

/** Which port of the cache servers requests on keys go to. */
public enum Door {
  /** The HTTP port, which answers everything. */
  HTTP,
  /** The fast port, where the topology lists one and it answers; else the HTTP port. */
  FAST;

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
