package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {

  private final SqlFailures failures = new SqlFailures(DatabaseUrl.parse("jdbc:mysql://h/d"));

  @ParameterizedTest
  @CsvSource({
    "22001, 1406",
    "22003, 1264",
    "23000, 4025",
    "23513, 23513",
    "HY000, 3819",
    "45000, 1644",
    "08S01, 1153",
    "HY000, 1366",
    "HY000, 1526"
  })
  void aFailureForARowsDataIsARejection(String state, int error) {
    assertThat(translated(state, error)).isInstanceOf(RowRejectedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "08S01, 0", "08001, 0", "HY000, 1290", "HY000, 1021", "HY000, 1114", "40001, 1213",
    "HY000, 1205", "42S02, 1146", "42000, 1142", "HYT00, 50200", "90098, 90098", "S1000, 0"
  })
  void anyOtherFailureIsNoFaultOfTheRows(String state, int error) {
    assertThat(translated(state, error)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void theMessageNamesTheServerAndTheInnermostCause() {
    SQLException driver = new SQLException("Connection refused", "08S01", 0);
    SQLException pool = new SQLException("Connection is not available", "08001", 0, driver);

    assertThat(failures.translate(new IllegalStateException(pool)))
        .hasMessage(
            "the database at jdbc:mysql://h/d does not serve: "
                + "Connection refused (SQLState 08S01, error 0)");
  }

  private StoreException translated(String state, int error) {
    return failures.translate(new IllegalStateException(new SQLException("no", state, error)));
  }
}
