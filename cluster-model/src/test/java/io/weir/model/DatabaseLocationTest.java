package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseLocationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:mysql://h/d                                         | jdbc:mysql://h/d
          jdbc:mysql://h:3306/d?user=u&password=s3cret             | jdbc:mysql://h:3306/d
          jdbc:mysql://h:3306/d?user=u&password=s3c@ret            | jdbc:mysql://h:3306/d
          jdbc:mysql://u:s3cret@h/d                                | jdbc:mysql://h/d
          jdbc:mysql://u:s3c@ret@h/d                               | jdbc:mysql://h/d
          jdbc:mysql://u:s3cret@[::1]:3306/d                       | jdbc:mysql://[::1]:3306/d
          jdbc:mysql://(host=h,port=3306,user=u,password=s3cret)/d | jdbc:mysql://(host=h,port=3306)/d
          jdbc:mysql://(host=h,password=s3c@ret)/d                 | jdbc:mysql://(host=h)/d
          jdbc:mysql://(host=h,password=s3/c?ret)/d                | jdbc:mysql://(host=h)/d
          jdbc:mysql://u:s3cret@(host=h,port=1)/d                  | jdbc:mysql://(host=h,port=1)/d
          jdbc:mysql://u:s3cret@h1,h2/d                            | jdbc:mysql://h1,h2/d
          jdbc:mysql://u:s3cret@[h1:1,h2:2]/d                      | jdbc:mysql://[h1:1,h2:2]/d
          jdbc:mysql://address=(host=h)(password=s3cret)/d         | jdbc:mysql://address=(host=h)/d
          jdbc:mysql:loadbalance://u:s3cret@a,b/d?x=y              | jdbc:mysql:loadbalance://a,b/d
          jdbc:mariadb:replication://address=(host=a)(port=1)(password=s3cret)/d | jdbc:mariadb:replication://address=(host=a)(port=1)/d
          jdbc:mysql://db/büro?user=u                               | jdbc:mysql://db/büro
          jdbc:mysql://db/データ                                    | jdbc:mysql://db/データ
          jdbc:h2:file:/a/b;PASSWORD=s3cret                        | jdbc:h2:file:/a/b
          jdbc:h2:tcp://u:s3/cret@h/x;USER=sa                      | jdbc:h2:tcp://h/x
          JDBC:H2:tcp://h/x;PASSWORD=s3cret                        | JDBC:H2:tcp://h/x
          """)
  void thePlaceIsShown(String url, String location) {
    assertThat(DatabaseLocation.of(url)).isEqualTo(location);
    assertThat(DatabaseLocation.isUnderstood(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://u:s3/cret@h/d",
        "jdbc:mysql://u:s3?cret@h/d",
        "jdbc:mysql://u:s3#cret@h/d",
        "jdbc:mysql://u:cret/@h/d",
        "jdbc:mysql://u:cret(x@h/d",
        "jdbc:mysql://u:s3,cret@h/d",
        "jdbc:mysql://u:s3cret@h1:3306,u:s3cret@h2:3306/d",
        "jdbc:mysql://u:12,cret@h/d",
        "jdbc:mysql://(host=h)(password=s3)cret)/d",
        "jdbc:mysql:u:cret@h/d",
        "jdbc:oracle:thin:u/cret@h:1521:x",
        "u:cret@h/d",
        "cret",
        "",
      })
  void whatIsNotUnderstoodIsHidden(String url) {
    assertThat(DatabaseLocation.of(url)).doesNotContain("cret", "u:", "12");
    assertThat(DatabaseLocation.isUnderstood(url)).isFalse();
  }

  /** Nothing of a password that stands where drivers look for one, whatever it is made of. */
  @Test
  void noFormShowsAPassword() {
    String[] forms = {
      "jdbc:mysql://user:%s@host/db",
      "jdbc:mysql://user:%s@host:3306/db?useSSL=false",
      "jdbc:mysql://user:%s@h1,user:%s@h2/db",
      "jdbc:mysql://user:%s@[h1,h2]/db",
      "jdbc:mysql://host/db?user=user&password=%s",
      "jdbc:mysql://(host=h,user=user,password=%s)/db",
      "jdbc:mysql://address=(host=h)(password=%s)/db",
      "jdbc:h2:tcp://h/./db;USER=sa;PASSWORD=%s",
    };
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noise = new StringBuilder("Zq");
      for (int n = random.nextInt(4); n > 0; n--) {
        noise.append("/@:,?#&=()[];% ".charAt(random.nextInt(15))).append("Zq");
      }
      String url = forms[random.nextInt(forms.length)].replace("%s", noise);
      assertThat(DatabaseLocation.of(url)).as("seed %d: %s", seed, url).doesNotContain("Zq");
    }
  }

  @Test
  void aLongUrlTakesNoLongTime() {
    for (String part : new String[] {"(", "@", "[", ",", "a,", "(a)", "?a=", "jdbc:", "=&"}) {
      String url = "jdbc:mysql://" + part.repeat(20_000 / part.length());
      Assertions.assertTimeout(Duration.ofSeconds(10), () -> DatabaseLocation.of(url), part);
    }
  }
}
