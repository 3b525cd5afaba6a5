package io.weir.load.result;

import org.HdrHistogram.Histogram;

/**
 * What one cache server was asked, and how it answered.
 *
 * @param nodeId its name in the topology; the URL where the topology has forgotten it
 * @param requests sent to it; a read-modify-write is two
 * @param errors requests among them that failed
 * @param service of those that succeeded, as {@link HistogramText}, in nanoseconds
 */
public record ServerResult(
    String nodeId, String url, long requests, long errors, long hits, long misses, String service) {

  /** The service times, decoded. */
  public Histogram serviceTimes() {
    return HistogramText.decode(service);
  }
}
