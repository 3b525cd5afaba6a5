package io.weir.lab.cluster;

import java.util.Locale;

/** What a process of the demo is; in the order in which they are stopped. */
enum Role {
  CACHE,
  MASTER,
  DATABASE;

  /** The form of cluster.json. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
