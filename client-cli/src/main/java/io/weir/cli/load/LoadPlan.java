package io.weir.cli.load;

import io.weir.model.ByteSize;
import java.time.Duration;

/**
 * What a load is to do.
 *
 * @param clients each has one request in flight; no more than keys, of which each writes its own
 * @param keys how many there are
 * @param reads share of the operations, 0 to 1
 * @param theta skew of the zipfian distribution, at least 0; 0.99 is YCSB's
 * @param warmup time before anything is measured
 * @param duration time that is measured
 * @param seed of the random numbers: the same plan asks for the same keys in the same order
 * @param threads event loops, no more than clients
 * @param requestTimeout a request unanswered for longer is given up
 */
public record LoadPlan(
    int clients,
    int keys,
    ByteSize valueSize,
    double reads,
    Distribution distribution,
    double theta,
    Duration warmup,
    Duration duration,
    long seed,
    String keyPrefix,
    int threads,
    Duration requestTimeout) {

  private static final int MAX_CLIENTS = 100_000;
  private static final ByteSize MAX_VALUE = ByteSize.ofMiB(64);

  /** Rejects what cannot be done, naming the command line's option. */
  public LoadPlan {
    check(clients >= 1 && clients <= MAX_CLIENTS, "--clients is 1 to " + MAX_CLIENTS, clients);
    check(keys >= clients, "--keys is at least --clients (" + clients + ")", keys);
    check(valueSize.compareTo(MAX_VALUE) <= 0, "--value-size is 0 to " + MAX_VALUE, valueSize);
    check(reads >= 0 && reads <= 1, "--reads is a share from 0 to 1", reads);
    check(theta >= 0 && theta <= 100, "--theta is 0 to 100", theta);
    check(!warmup.isNegative(), "--warmup is not negative", warmup);
    check(duration.toMillis() >= 100, "--duration is at least 100ms", duration);
    check(threads >= 1 && threads <= clients, "--threads is 1 to --clients", threads);
    check(requestTimeout.toMillis() >= 1, "--timeout is at least 1ms", requestTimeout);
  }

  private static void check(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", got " + value);
    }
  }
}
