package io.weir.load.workload;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The core workloads of YCSB by their letters (Cooper et al., "Benchmarking Cloud Serving Systems
 * with YCSB", SoCC 2010, table 2), without E, whose scans a key-value cache does not have.
 */
@SuppressWarnings("ImmutableEnumChecker") // A mix is a record of numbers.
public enum Preset {
  /** Update heavy. */
  A(new Mix(0.5, 0.5, 0, 0, 0), Distribution.ZIPFIAN),
  /** Read heavy. */
  B(new Mix(0.95, 0.05, 0, 0, 0), Distribution.ZIPFIAN),
  /** Read only. */
  C(new Mix(1, 0, 0, 0, 0), Distribution.ZIPFIAN),
  /** Read latest. */
  D(new Mix(0.95, 0, 0.05, 0, 0), Distribution.LATEST),
  /** Read-modify-write. */
  F(new Mix(0.5, 0, 0, 0, 0.5), Distribution.ZIPFIAN),
  /** The shares are given one by one. */
  CUSTOM(null, Distribution.ZIPFIAN);

  private final @Nullable Mix mix;
  private final Distribution distribution;

  Preset(@Nullable Mix mix, Distribution distribution) {
    this.mix = mix;
    this.distribution = distribution;
  }

  /** Its shares; null for {@link #CUSTOM}. */
  public @Nullable Mix mix() {
    return mix;
  }

  /** Its distribution, where no other is asked for. */
  public Distribution distribution() {
    return distribution;
  }

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
