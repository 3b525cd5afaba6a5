package io.weir.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {

  @Test
  void namesOfMetricsAreFoundAndNothingElse() {
    assertThat(
            PromQl.metrics(
                """
                sum by (job, le) (rate(a_bucket{job=~"x.*", le="}"}[5m])) / (b:c:d > 0)
                  and ignoring (role) e{role="leader"} == 1 unless avg_over_time(f[6h] offset 30m) < 0.7 * 1e3
                """))
        .containsExactlyInAnyOrder("a_bucket", "b:c:d", "e", "f");
    assertThat(PromQl.metrics("histogram_quantile (0.99, rate(g[$__rate_interval]))"))
        .containsExactly("g");
  }
}
