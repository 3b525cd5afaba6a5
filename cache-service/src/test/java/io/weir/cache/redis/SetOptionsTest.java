package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The options of {@code SET} and {@code GETEX}. */
class SetOptionsTest {

  private final CommandSpec set = new KeyFixture().spec("set");

  @Test
  void aSetThatNeedsToKnowNothingIsBlind() {
    for (String options : new String[] {"", " EX 10", " pxat 10"}) {
      Request request = KeyFixture.request("SET k v" + options);
      assertThat(SetOptions.ofSet(request).isBlind()).as(options).isTrue();
      assertThat(set.command().overtakes(request)).as(options).isTrue();
      assertThat(set.command().tellsValues(request)).as(options).isFalse();
    }
    for (String options : new String[] {" NX", " xx", " EX 10 GET", " KeepTTL"}) {
      Request request = KeyFixture.request("SET k v" + options);
      assertThat(SetOptions.ofSet(request).isBlind()).as(options).isFalse();
      assertThat(set.command().overtakes(request)).as(options).isEqualTo(!options.endsWith("GET"));
    }
    assertThat(set.command().tellsValues(KeyFixture.request("SET k v XX get"))).isTrue();
  }

  @Test
  void aValueIsNoOption() {
    assertThat(set.command().overtakes(KeyFixture.request("SET get nx"))).isTrue();
    assertThat(set.command().tellsValues(KeyFixture.request("SET get get"))).isFalse();
  }

  @Test
  void everyPairThatExcludesIsRefusedInEitherOrder() {
    String[] some = {"NX", "XX", "KEEPTTL", "EX 1", "PX 1", "EXAT 1", "PXAT 1", "GET"};
    for (String one : some) {
      for (String other : some) {
        Request request = KeyFixture.request("SET k v " + one + " " + other);
        if (excludes(one, other)) {
          assertThatThrownBy(() -> SetOptions.ofSet(request))
              .as(one + " " + other)
              .hasMessage("ERR syntax error");
        } else {
          assertThat(SetOptions.ofSet(request)).as(one + " " + other).isNotNull();
        }
      }
    }
  }

  private static boolean excludes(String one, String other) {
    if (one.equals(other)) {
      return false;
    }
    List<String> conditions = List.of("NX", "XX");
    List<String> times = List.of("KEEPTTL", "EX 1", "PX 1", "EXAT 1", "PXAT 1");
    return conditions.containsAll(List.of(one, other)) || times.containsAll(List.of(one, other));
  }
}
