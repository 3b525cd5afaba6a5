package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * What a cache server says in every heartbeat of how busy it is. Rates are of the time since the
 * heartbeat before; totals start at 0 with its process; what databases were spared is of the last
 * minutes. In JSON it is one flat object.
 */
public record ServerFigures(
    @JsonUnwrapped Traffic traffic,
    @JsonUnwrapped Resident resident,
    @JsonUnwrapped Dirty dirty,
    @JsonUnwrapped LossBound lossBound,
    @JsonUnwrapped Flushed flushed,
    @JsonUnwrapped Database database,
    @JsonUnwrapped Disk disk,
    @JsonUnwrapped Spared spared,
    @JsonUnwrapped Group group) {

  /** The figures of a server that has served nothing yet. */
  public static final ServerFigures NONE =
      new ServerFigures(
          new Traffic(0, 0, null),
          new Resident(0, 0, 0),
          new Dirty(0, 0, 0),
          new LossBound(0, 0, 0),
          new Flushed(0, 0, 0, 0, 0),
          new Database(0),
          new Disk(false),
          Spared.UNTOLD,
          new Group(0));

  /**
   * What clients ask of it.
   *
   * @param getsPerSecond reads answered
   * @param putsPerSecond puts and deletes acknowledged
   * @param hitRatio share of those reads that memory answered, 0 to 1; null when there were none
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Traffic(double getsPerSecond, double putsPerSecond, @Nullable Double hitRatio) {

    /** Rejects what no server can mean. */
    public Traffic {
      notNegative("getsPerSecond", getsPerSecond);
      notNegative("putsPerSecond", putsPerSecond);
      if (hitRatio != null && !(hitRatio >= 0 && hitRatio <= 1)) {
        throw new IllegalArgumentException("hitRatio is 0 to 1, got " + hitRatio);
      }
    }
  }

  /**
   * What it holds in memory.
   *
   * @param entries resident entries
   * @param bytes bytes that they retain
   * @param maxBytes bound of {@code bytes}
   */
  public record Resident(long entries, long bytes, long maxBytes) {}

  /**
   * What is acknowledged and not yet in the database.
   *
   * @param oldestAgeSeconds age of the oldest; 0 when there is none
   */
  public record Dirty(
      @JsonProperty("dirtyEntries") long entries,
      @JsonProperty("dirtyBytes") long bytes,
      @JsonProperty("oldestDirtyAgeSeconds") double oldestAgeSeconds) {

    /** Rejects what no server can mean. */
    public Dirty {
      notNegative("oldestDirtyAgeSeconds", oldestAgeSeconds);
    }
  }

  /**
   * What is acknowledged, and lost if the process crashes now.
   *
   * @param ageSeconds no older than this is the oldest of it; 0 when there is none
   */
  public record LossBound(
      @JsonProperty("lossBoundEntries") long entries,
      @JsonProperty("lossBoundBytes") long bytes,
      @JsonProperty("lossBoundAgeSeconds") double ageSeconds) {

    /** Rejects what no server can mean. */
    public LossBound {
      notNegative("lossBoundAgeSeconds", ageSeconds);
    }
  }

  /**
   * What write-back has done.
   *
   * @param flushesPerSecond flushes that the database acknowledged
   * @param rowsFlushed versions that the database acknowledged, in total
   * @param coalesced writes that never became a statement, in total
   * @param quarantined rows that the database refuses
   * @param shed writes refused because too much was dirty, in total
   */
  public record Flushed(
      double flushesPerSecond, long rowsFlushed, long coalesced, long quarantined, long shed) {

    /** Rejects what no server can mean. */
    public Flushed {
      notNegative("flushesPerSecond", flushesPerSecond);
    }
  }

  /**
   * How its shard's database stands.
   *
   * @param missingFlushes that the database had acknowledged and has lost, until that is accepted
   */
  public record Database(long missingFlushes) {}

  /**
   * What the leader makes of its shard's group.
   *
   * @param waitingServers that register for the shard, and wait since the group has the size that
   *     it is to have
   */
  public record Group(int waitingServers) {}

  /** The same with what a leader makes of its group. */
  public ServerFigures with(Group other) {
    return new ServerFigures(
        traffic, resident, dirty, lossBound, flushed, database, disk, spared, other);
  }

  /**
   * How its journal's disk stands.
   *
   * @param journalFull whether writes are refused, since it has room for what is admitted alone
   */
  public record Disk(boolean journalFull) {}

  private static void notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is 0 or more, got " + value);
    }
  }
}
