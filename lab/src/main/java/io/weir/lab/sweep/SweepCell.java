package io.weir.lab.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.HdrHistogram.Histogram;

/**
 * What was measured at one size of the cache, one skew of the load and one policy. In JSON it is
 * one flat object.
 *
 * @param generatorLimited whether the generator, and not the cluster, set the limit
 */
record SweepCell(
    @JsonUnwrapped Setting setting,
    @JsonUnwrapped Counted counted,
    @JsonUnwrapped HitRatios hitRatios,
    @JsonUnwrapped Speed speed,
    @JsonUnwrapped Database database,
    boolean generatorLimited) {

  /**
   * Where it was measured.
   *
   * @param theta skew
   * @param capacity size of the cache as a share of the keys
   * @param policy of the cache's eviction
   * @param entries the same size as a number
   * @param stripes of each cache server
   * @param full whether the load fills a cache of that size
   */
  record Setting(
      double theta, double capacity, String policy, int entries, int stripes, boolean full) {}

  /**
   * How much was measured.
   *
   * @param seconds that were measured
   * @param operations that succeeded
   * @param errors operations that failed
   */
  record Counted(double seconds, long operations, long errors) {}

  /**
   * Shares of the reads that memory answers.
   *
   * @param cache that of the cache servers, by their account
   * @param lru that of an exact LRU that saw the same requests
   */
  record HitRatios(
      @JsonProperty("hitRatio") double cache, @JsonProperty("lruHitRatio") double lru) {

    /** How much better than the LRU the cache is. */
    double difference() {
      return cache - lru;
    }
  }

  /**
   * How fast it was.
   *
   * @param throughput successful operations a second
   * @param p50Millis latency of all operations; {@code p99Millis} and {@code p999Millis} likewise
   */
  record Speed(double throughput, double p50Millis, double p99Millis, double p999Millis) {

    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * @param times in nanoseconds
     */
    static Speed of(double throughput, Histogram times) {
      return new Speed(
          throughput,
          times.getValueAtPercentile(50) / NANOS_PER_MILLI,
          times.getValueAtPercentile(99) / NANOS_PER_MILLI,
          times.getValueAtPercentile(99.9) / NANOS_PER_MILLI);
    }
  }

  /**
   * What the databases were sent.
   *
   * @param reads statements that read a row
   * @param writes statements that wrote rows
   * @param statementsPerOperation both together for each operation
   */
  record Database(
      @JsonProperty("databaseReads") long reads,
      @JsonProperty("databaseWrites") long writes,
      double statementsPerOperation) {}
}
