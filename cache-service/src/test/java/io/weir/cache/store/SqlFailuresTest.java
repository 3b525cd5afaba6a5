package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
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
    "45001, 1644",
    "HY000, 1644",
    "44000, 1369",
    "01000, 1265",
    "08S01, 1153",
    "HY000, 1366",
    "HY000, 1526"
  })
  void aFailureForARowsDataIsARejection(String state, int error) {
    assertThat(failures.refusal(failure(state, error))).contains("refuses a row for its data");
  }

  @ParameterizedTest
  @CsvSource({
    "08S01, 0", "08001, 0", "HY000, 1290", "HY000, 1021", "HY000, 1114", "40001, 1213",
    "HY000, 1205", "42S02, 1146", "42000, 1142", "HYT00, 50200", "90098, 90098", "S1000, 0"
  })
  void anyOtherFailureIsNoFaultOfTheRows(String state, int error) {
    assertThat(failures.refusal(failure(state, error))).isNull();
    assertThat(failures.unavailable(failure(state, error))).hasMessageContaining("no");
  }

  @ParameterizedTest
  @CsvSource({
    "HY000, 1205, true",
    "40001, 1213, true",
    "HYT00, 50200, true",
    "40001, 40001, true",
    "HY000, 1442, false",
    "42S02, 1146, false"
  })
  void aStatementForRowsFailsAtALockOrAtAnythingElse(String state, int error, boolean lock) {
    assertThat(failures.ofRows(List.of(), failure(state, error)).isLock()).isEqualTo(lock);
  }

  @Test
  void theMessageNamesTheServerAndTheInnermostCause() {
    SQLException driver = new SQLException("Connection refused", "08S01", 0);
    SQLException pool = new SQLException("Connection is not available", "08001", 0, driver);

    assertThat(failures.unavailable(new IllegalStateException(pool)))
        .hasMessage(
            "the database at jdbc:mysql://h/d does not serve: "
                + "Connection refused (SQLState 08S01, error 0)");
  }

  private static RuntimeException failure(String state, int error) {
    return new IllegalStateException(new SQLException("no", state, error));
  }
}
