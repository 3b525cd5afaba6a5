package io.weir.lab.torture;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is done to the cluster. */
public enum Fault {
  /** kill -9 of a cache server, which is started again. */
  KILL,
  /** SIGSTOP of a cache server, and SIGCONT, sometimes long after others elected another leader. */
  PAUSE,
  /** SIGTERM of a cache server, which stops in order and is started again. */
  RESTART,
  /** kill -9 of the master, which is started again. */
  MASTER_KILL,
  /** kill -9 of the database process, which is started again. */
  DATABASE_STOP,
  /** The way to the database, of one cache server or of all, stalls. */
  DATABASE_STALL,
  /** The leadership is handed over. */
  TRANSFER,
  /** One member is cut off from the others, in both directions or in one. */
  PARTITION,
  /**
   * A leader whose way to the database stalls is stopped or cut off until another leads and has
   * flushed; then all of it is let go: it wakes in the middle of a flush.
   */
  WAKE_IN_FLUSH,
  /**
   * The database's replica leads, without a loss; the old primary lives on as it was, with those
   * who are connected to it, and joins the new one later.
   */
  DATABASE_SWITCH_OVER,
  /**
   * The database's replica leads, without what was committed last; no more is missing than flushes
   * that have yet to settle.
   */
  DATABASE_FAILOVER,
  /** Another program holds a row of the shard for some seconds. */
  LOCKED_ROW,
  /** Another program holds the rows of some slots, and the gaps between them, for some seconds. */
  LOCKED_GAP,
  /**
   * The table is built anew by a statement that waits for a transaction of some seconds, while all
   * others wait for it.
   */
  ALTER_TABLE,
  /** Another program has the table for itself for some seconds. */
  LOCK_TABLES,
  /** A cache server is started over an empty directory, and then over its own again. */
  DATA_DIRECTORY_UNMOUNTED;

  /** What a fault may need to be possible. */
  public enum Need {
    SEVERAL_MEMBERS("--members"),
    OWN_DATABASE("a database of torture's own, without --mysql"),
    /** A loopback address for each member. */
    ADDRESSES("a loopback address for each member"),
    /** H2 knows neither gaps nor such statements. */
    MYSQL("--mysql"),
    DATABASE_PAIR("--mysql-replica");

    private final String words;

    Need(String words) {
      this.words = words;
    }
  }

  private Set<Need> needs() {
    return switch (this) {
      case KILL, PAUSE, RESTART, MASTER_KILL, DATABASE_STALL, DATA_DIRECTORY_UNMOUNTED -> Set.of();
      case DATABASE_STOP -> Set.of(Need.OWN_DATABASE);
      case TRANSFER, WAKE_IN_FLUSH -> Set.of(Need.SEVERAL_MEMBERS);
      case PARTITION -> Set.of(Need.SEVERAL_MEMBERS, Need.ADDRESSES);
      case DATABASE_SWITCH_OVER, DATABASE_FAILOVER -> Set.of(Need.DATABASE_PAIR);
      case LOCKED_ROW, LOCKED_GAP, ALTER_TABLE, LOCK_TABLES -> Set.of(Need.MYSQL);
    };
  }

  /** All that can be done where there is so much. */
  public static Set<Fault> possible(Set<Need> given) {
    Set<Fault> possible = EnumSet.allOf(Fault.class);
    possible.removeIf(fault -> !given.containsAll(fault.needs()));
    return possible;
  }

  /** What is missing for it, in words; empty when it can be done. */
  public List<String> lacks(Set<Need> given) {
    return needs().stream()
        .filter(need -> !given.contains(need))
        .sorted()
        .map(need -> need.words)
        .toList();
  }

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
