package io.weir.cache.store;

import io.weir.model.Version;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The version that a row has, whoever wrote it: any number that its column can hold, of which
 * {@link Version} is the lower half.
 */
record RowVersion(BigDecimal decimal) {

  private static final Version HIGHEST = new Version(Long.MAX_VALUE);

  /** Reads the column {@code version}. */
  static RowVersion of(ResultSet row) throws SQLException {
    return new RowVersion(row.getBigDecimal("version"));
  }

  /** As a version of Weir's; what is beyond those is the highest, which no shard ever gives. */
  Version nearest() {
    if (decimal.signum() < 0) {
      return Version.NONE;
    }
    return decimal.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) >= 0
        ? HIGHEST
        : new Version(decimal.longValueExact());
  }

  boolean isNewerThan(Version version) {
    return decimal.compareTo(BigDecimal.valueOf(version.value())) > 0;
  }

  boolean isOlderThan(Version version) {
    return decimal.compareTo(BigDecimal.valueOf(version.value())) < 0;
  }

  @Override
  public String toString() {
    return decimal.toPlainString();
  }
}
