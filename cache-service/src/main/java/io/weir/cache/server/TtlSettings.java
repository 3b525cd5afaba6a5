package io.weir.cache.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The removal of expired rows from the database. Expired entries are absent for clients at once.
 *
 * @param cleanInterval pause between rounds
 * @param margin how long a row must have been expired
 * @param batchRows most rows that one transaction deletes
 */
@Validated
@ConfigurationProperties(prefix = "weir.ttl", ignoreUnknownFields = false)
public record TtlSettings(
    @DefaultValue("10s") Duration cleanInterval,
    @DefaultValue("5s") Duration margin,
    @DefaultValue("500") int batchRows) {

  public TtlSettings {
    if (cleanInterval.toMillis() < 100) {
      throw new IllegalArgumentException(
          "weir.ttl.clean-interval is "
              + cleanInterval.toMillis()
              + "ms, it must be at least 100ms");
    }
    if (margin.isNegative()) {
      throw new IllegalArgumentException(
          "weir.ttl.margin is " + margin.toMillis() + "ms, it must be 0ms or more");
    }
    if (batchRows < 1 || batchRows > 10_000) {
      throw new IllegalArgumentException(
          "weir.ttl.batch-rows is " + batchRows + ", it must be 1 to 10000");
    }
  }
}
