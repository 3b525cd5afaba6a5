package io.weir.lab.torture;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What is done to the cluster. */
public enum Fault {
  /** kill -9 of a cache server, which is started again. */
  KILL(true, true),
  /** SIGSTOP of a cache server, and SIGCONT, sometimes long after others elected another leader. */
  PAUSE(true, true),
  /** SIGTERM of a cache server, which stops in order and is started again. */
  RESTART(true, true),
  /** kill -9 of the master, which is started again. */
  MASTER_KILL(true, true),
  /** kill -9 of the database process, which is started again. */
  DATABASE_STOP(true, false),
  /** The way to the database, of one cache server or of all, stalls. */
  DATABASE_STALL(true, true),
  /** The leadership is handed over. */
  TRANSFER(false, true),
  /** One member is cut off from the others, in both directions or in one. */
  PARTITION(false, true),
  /**
   * A leader whose way to the database stalls is stopped or cut off until another leads and has
   * flushed; then all of it is let go: it wakes in the middle of a flush.
   */
  WAKE_IN_FLUSH(false, true);

  private final boolean alone;
  private final boolean foreignDatabase;

  /**
   * @param alone whether it can be done to a group of one
   * @param foreignDatabase whether it can be done where the databases are somebody else's
   */
  Fault(boolean alone, boolean foreignDatabase) {
    this.alone = alone;
    this.foreignDatabase = foreignDatabase;
  }

  /** All that can be done. */
  public static Set<Fault> possible(int members, boolean ownDatabase, boolean partitions) {
    Set<Fault> possible = EnumSet.noneOf(Fault.class);
    for (Fault fault : values()) {
      boolean needsPartitions = fault == PARTITION;
      if ((members > 1 || fault.alone)
          && (ownDatabase || fault.foreignDatabase)
          && (partitions || !needsPartitions)) {
        possible.add(fault);
      }
    }
    return possible;
  }

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
