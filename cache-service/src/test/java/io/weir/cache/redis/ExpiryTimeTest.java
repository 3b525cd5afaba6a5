package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.FakeClock;
import io.weir.cache.kv.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times to expire at, and what is asked of those before. */
class ExpiryTimeTest {

  private static final String INVALID = "ERR invalid expire time in 'set' command";

  private final FakeClock clock = new FakeClock();
  private final long now = clock.millis();

  @Test
  void countsFromNowOrFrom1970() {
    assertThat(of(ExpiryTime.SECONDS, "10")).isEqualTo(now + 10_000);
    assertThat(of(ExpiryTime.MILLISECONDS, "10")).isEqualTo(now + 10);
    assertThat(of(ExpiryTime.AT_SECONDS, "10")).isEqualTo(10_000);
    assertThat(of(ExpiryTime.AT_MILLISECONDS, "10")).isEqualTo(10);
    assertThat(of(ExpiryTime.SECONDS, "-10")).isEqualTo(now - 10_000);
  }

  @Test
  void whatIsTooFarIsInvalid() {
    long most = Long.MAX_VALUE / 1000;
    assertInvalid(ExpiryTime.AT_SECONDS, most + 1);
    assertInvalid(ExpiryTime.AT_SECONDS, -most - 1);
    assertInvalid(ExpiryTime.SECONDS, most);
    assertInvalid(ExpiryTime.MILLISECONDS, Long.MAX_VALUE - now + 1);
    assertThat(of(ExpiryTime.AT_SECONDS, Long.toString(most))).isEqualTo(most * 1000);
    assertThat(of(ExpiryTime.MILLISECONDS, Long.toString(Long.MIN_VALUE)))
        .isEqualTo(Long.MIN_VALUE + now);
  }

  @Test
  void theLatestIsNotNever() {
    assertThat(of(ExpiryTime.AT_MILLISECONDS, Long.toString(Long.MAX_VALUE)))
        .isEqualTo(Value.NEVER - 1);
    assertThat(of(ExpiryTime.MILLISECONDS, Long.toString(Long.MAX_VALUE - now)))
        .isEqualTo(Value.NEVER - 1);
  }

  @Test
  void someCommandsTakeNumbersAboveZeroAlone() {
    assertThatThrownBy(() -> ExpiryTime.SECONDS.ofPositive(bytes("0"), clock, "set"))
        .hasMessage(INVALID);
    assertThatThrownBy(() -> ExpiryTime.AT_SECONDS.ofPositive(bytes("-1"), clock, "set"))
        .hasMessage(INVALID);
    assertThat(ExpiryTime.AT_SECONDS.ofPositive(bytes("1"), clock, "set")).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource({
    "'', -, 5, true",
    "'', 9, 5, true",
    "nx, -, 5, true",
    "nx, 9, 5, false",
    "xx, -, 5, false",
    "xx, 9, 5, true",
    "gt, -, 5, false",
    "gt, 5, 5, false",
    "gt, 5, 6, true",
    "lt, -, 5, true",
    "lt, 5, 5, false",
    "lt, 5, 4, true",
    "xx lt, -, 5, false",
    "XX GT, 5, 6, true"
  })
  void aConditionLooksAtTheExpiryThatThereIs(String options, String at, long then, boolean holds) {
    ExpireCondition condition =
        ExpireCondition.of(
            KeyFixture.request("EXPIRE k 1" + (options.isEmpty() ? "" : " " + options)));
    assertThat(condition.holds(at.equals("-") ? Value.NEVER : Long.parseLong(at), then))
        .isEqualTo(holds);
  }

  private void assertInvalid(ExpiryTime time, long number) {
    assertThatThrownBy(() -> of(time, Long.toString(number))).hasMessage(INVALID);
  }

  private long of(ExpiryTime time, String number) {
    return time.of(bytes(number), clock, "set");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
