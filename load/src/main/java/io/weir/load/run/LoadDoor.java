package io.weir.load.run;

import io.weir.client.Door;
import java.util.Locale;

/** Which port of the cache servers a load goes to, and in which protocol. */
public enum LoadDoor {
  /** HTTP at the HTTP port. */
  HTTP,
  /** HTTP at the fast port, where there is one and it answers; else at the HTTP port. */
  FAST,
  /** The Redis protocol at the fast port. */
  REDIS;

  /** The door for what goes by HTTP in any case. */
  public Door forHttp() {
    return this == HTTP ? Door.HTTP : Door.FAST;
  }

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
