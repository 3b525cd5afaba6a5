package io.weir.load.result;

import org.HdrHistogram.Histogram;

/**
 * One kind of operation.
 *
 * @param operation read, update, insert, delete or read-modify-write
 * @param count those that succeeded; they are the ones in the histograms
 * @param errors those that failed
 * @param response from the intended start to the complete answer, as {@link HistogramText}, in
 *     nanoseconds; what waited for a connection has waited in here
 * @param service from sending to the complete answer, likewise; in a closed loop without think time
 *     the two are equal
 */
public record OperationResult(
    String operation, long count, long errors, String response, String service) {

  /** The response times, decoded. */
  public Histogram responseTimes() {
    return HistogramText.decode(response);
  }

  /** The service times, decoded. */
  public Histogram serviceTimes() {
    return HistogramText.decode(service);
  }
}
