package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:h2:mem:a, "
        + "jdbc:h2:mem:a;MODE=MySQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE",
    "jdbc:h2:tcp://h:1/a;mode=mysql, "
        + "jdbc:h2:tcp://h:1/a;mode=mysql;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0",
    "jdbc:mysql://h/d, jdbc:mysql://h/d"
  })
  void aUrlGetsWhatCorrectnessAsksFor(String given, String completed) {
    assertThat(DatabaseUrl.parse(given).text()).isEqualTo(completed);
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mysql://h/d, jdbc:mysql://h/d?socketTimeout=1",
    "jdbc:mysql://h/d?, jdbc:mysql://h/d?socketTimeout=1",
    "jdbc:mysql://h/d?a=b, jdbc:mysql://h/d?a=b&socketTimeout=1",
    "jdbc:mysql://h/d?SocketTimeout=9, jdbc:mysql://h/d?SocketTimeout=9"
  })
  void aParameterIsAddedUnlessItIsThere(String given, String completed) {
    assertThat(DatabaseUrl.parse(given).with("socketTimeout", "1").text()).isEqualTo(completed);
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mysql://u:p@h:3306/d?password=p, jdbc:mysql://h:3306/d",
    "jdbc:h2:file:/a/b;PASSWORD=p, jdbc:h2:file:/a/b"
  })
  void theLocationNamesTheDatabaseWithoutTheAccount(String given, String location) {
    assertThat(DatabaseUrl.parse(given).location()).isEqualTo(location);
  }
}
