package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  @ValueSource(
      strings = {
        "jdbc:mysql://h/d?useAffectedRows=yes",
        "jdbc:mysql://h/d?%75seAffectedRows=TRUE",
        "jdbc:mysql://(host=h,port=1,useAffectedRows=true)/d"
      })
  void whatTheDriverMakesOfAParameterCounts(String url) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .hasMessage(
            "weir.database.url must not set useAffectedRows=true: the fence counts matched rows;"
                + " leave the parameter out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbcCompliantTruncation=false | jdbcCompliantTruncation=false: a value too long for its column would be cut, and called flushed
          jdbcCompliantTruncation=no    | jdbcCompliantTruncation=false: a value too long for its column would be cut, and called flushed
          maxRows=10                    | maxRows=10: rows would be missing from what is read
          useLocalTransactionState=true | useLocalTransactionState=true: behind a proxy the driver can leave the commit of a flush out
          """)
  void aParameterThatLosesWritesOrHidesRowsIsRefused(String parameter, String reason) {
    assertThatThrownBy(() -> DatabaseUrl.parse("jdbc:mysql://h/d?" + parameter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weir.database.url must not set " + reason + "; leave the parameter out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://h/d?jdbcCompliantTruncation=true&maxRows=0&useConfigs=maxPerformance",
        "jdbc:mysql://(host=h,port=1)/d",
        "jdbc:mysql://address=(host=h)(port=1)/d",
        "jdbc:mysql://[::1]:3306/d",
        "jdbc:mysql://u:p@h/d?replicationConnectionGroup=unused"
      })
  void whatDoesNoHarmIsTaken(String url) {
    assertThat(DatabaseUrl.parse(url).text()).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:mysql:loadbalance://u:p@a,b/d?x=y     | jdbc:mysql:loadbalance://a,b/d
          jdbc:mysql:loadbalance://a/d               | jdbc:mysql:loadbalance://a/d
          jdbc:mysql:replication://a,b/d             | jdbc:mysql:replication://a,b/d
          jdbc:mysql+srv://a/d                       | jdbc:mysql+srv://a/d
          jdbc:mysql+srv:loadbalance://a/d           | jdbc:mysql+srv:loadbalance://a/d
          jdbc:mysql://a/d?dnsSrv=true               | jdbc:mysql://a/d
          jdbc:mysql://a:1,b:2/d                     | jdbc:mysql://a:1,b:2/d
          jdbc:mysql://address=(host=a),(host=b)/d   | jdbc:mysql://address=(host=a),(host=b)/d
          """)
  void aDriverThatMayReadFromAnotherServerIsRefused(String url, String location) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "weir.database.url must be jdbc:mysql://HOST/SCHEMA with one host, got " + location)
        .hasMessageEndingWith("name one address that leads to the primary");
  }

  @Test
  void whatTheDriverDoesNotTakeIsRefusedWithItsReason() {
    assertThatThrownBy(() -> DatabaseUrl.parse("jdbc:mysql://h/d?jdbcCompliantTruncation=maybe"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weir.database.url: the driver does not take jdbc:mysql://h/d: ")
        .hasMessageContaining("'maybe'");
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
  @ValueSource(
      strings = {
        "jdbc:mysql://u:s3/cret@h/d",
        "jdbc:mysql://u:s3?cret@h/d",
        "jdbc:mysql://u:s3cret@h1:3306,u:s3cret@h2:3306/d",
        "jdbc:mysql://address=(host=h)(password=s3cret),(host=i)/d",
        "jdbc:mysql://(host=h,password=s3cret,maxRows=10)/d",
        "jdbc:mysql://u:s3cret:x@h/d?maxRows=10",
        "jdbc:postgresql://u:s3cret@h/d",
        "jdbc:oracle:thin:u/s3cret@h",
      })
  void aRefusalShowsNoPassword(String url) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(
            e -> assertThat(e.getMessage()).contains("weir.database.url").doesNotContain("cret"));
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
