package io.weir.load.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisErrorTest {

  @ParameterizedTest
  @CsvSource({
    "MOVED 1 127.0.0.1:9401, MOVED",
    "CLUSTERDOWN no leader, UNAVAILABLE",
    "TRYAGAIN too much is dirty, UNAVAILABLE",
    "LOADING, UNAVAILABLE",
    "NOAUTH Authentication required., REFUSED",
    "CROSSSLOT Keys in request don't hash to the same slot, REFUSED",
    "ERR outcome unknown: the journal did not answer, UNKNOWN",
    "ERR the server failed; its log says more, UNKNOWN",
    "SOMETHING that nobody has thought of, UNKNOWN"
  })
  void whatDoesNotSayThatNothingWasDoneMayHaveBeenDone(String text, RedisError.Meaning meaning) {
    assertThat(new RedisError(text).meaning()).isEqualTo(meaning);
  }

  @Test
  void theOwnerIsTheThirdWord() {
    assertThat(new RedisError("MOVED 1 ::1:9401").owner()).isEqualTo("::1:9401");
    assertThat(new RedisError("MOVED 1 nowhere").owner()).isNull();
    assertThat(new RedisError("MOVED").owner()).isNull();
  }
}
