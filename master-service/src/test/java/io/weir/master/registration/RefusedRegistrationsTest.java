package io.weir.master.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@ExtendWith(OutputCaptureExtension.class)
class RefusedRegistrationsTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final RefusedRegistrations filter = new RefusedRegistrations(meters, nanos::get);

  private void answer(String method, int status) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest(method, "/register");
    request.setRemoteAddr("10.0.0.5");
    request.addHeader("Authorization", "Bearer not-to-be-logged");
    filter.doFilter(
        request,
        new MockHttpServletResponse(),
        (asked, response) -> ((HttpServletResponse) response).setStatus(status));
  }

  private double refused(String reason) {
    return meters.get("weir.registrations.refused").tag("reason", reason).counter().count();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, 401, 1, 0, 0",
    "POST, 403, 1, 0, 0",
    "POST, 409, 0, 1, 0",
    "POST, 400, 0, 0, 1",
    "POST, 413, 0, 0, 1",
    "POST, 200, 0, 0, 0",
    "POST, 503, 0, 0, 0",
    "GET, 401, 0, 0, 0",
  })
  void aRefusalIsCountedByItsReason(String method, int status, int token, int conflict, int invalid)
      throws Exception {
    answer(method, status);
    assertThat(refused("token")).isEqualTo(token);
    assertThat(refused("conflict")).isEqualTo(conflict);
    assertThat(refused("invalid")).isEqualTo(invalid);
  }

  @Test
  void whoWantsATokenIsLoggedOnceAMinuteAndTheTokenNever(CapturedOutput log) throws Exception {
    answer("POST", 401);
    answer("POST", 401);
    answer("POST", 403);
    assertThat(log.getOut().lines().filter(line -> line.contains("refused:")))
        .singleElement()
        .asString()
        .contains("a registration from 10.0.0.5 without a token that is known here; 0 more");
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    answer("POST", 403);
    assertThat(log.getOut())
        .contains("a registration from 10.0.0.5 whose token lacks the role cluster; 2 more")
        .doesNotContain("not-to-be-logged");
  }
}
