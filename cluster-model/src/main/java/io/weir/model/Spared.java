package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonProperty.Access;
import org.jspecify.annotations.Nullable;

/**
 * What a database was spared in the last minutes: the writes that were acknowledged, and what it
 * executed for them. A statement is what a flush sends: those of its fence and its number, and
 * those that write rows. Flushes that fail are not counted, nor are reads.
 *
 * @param seconds the time that this is of; 0 when nothing is told, as by an earlier release
 * @param writes puts and deletes acknowledged
 * @param rows versions that flushes brought into the database
 * @param commits transactions of flushes
 * @param statements SQL statements of these transactions
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Spared(
    @JsonProperty("recentSeconds") double seconds,
    @JsonProperty("recentWrites") long writes,
    @JsonProperty("recentRows") long rows,
    @JsonProperty("recentCommits") long commits,
    @JsonProperty("recentStatements") long statements) {

  /** Nothing is told. */
  public static final Spared UNTOLD = new Spared(0, 0, 0, 0, 0);

  private static final double THOUSAND = 1_000;

  /** Rejects what no server can mean. */
  public Spared {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException("recentSeconds is 0 or more, got " + seconds);
    }
  }

  /** Whether anything is told at all. */
  public boolean tells() {
    return seconds > 0;
  }

  /** SQL statements for a thousand writes; null when nothing was written. */
  @JsonProperty(value = "recentStatementsPerThousandWrites", access = Access.READ_ONLY)
  public @Nullable Double statementsPerThousandWrites() {
    return ratio(THOUSAND * statements, writes);
  }

  /** Commits for a thousand writes; null when nothing was written. */
  @JsonProperty(value = "recentCommitsPerThousandWrites", access = Access.READ_ONLY)
  public @Nullable Double commitsPerThousandWrites() {
    return ratio(THOUSAND * commits, writes);
  }

  /** Rows that a commit brought; null when nothing was committed. */
  @JsonProperty(value = "recentRowsPerCommit", access = Access.READ_ONLY)
  public @Nullable Double rowsPerCommit() {
    return ratio((double) rows, commits);
  }

  private static @Nullable Double ratio(double what, long of) {
    return of == 0 ? null : what / (double) of;
  }

  /** What two databases were spared together; of the longer time of both. */
  public Spared plus(Spared other) {
    return new Spared(
        Math.max(seconds, other.seconds),
        writes + other.writes,
        rows + other.rows,
        commits + other.commits,
        statements + other.statements);
  }
}
