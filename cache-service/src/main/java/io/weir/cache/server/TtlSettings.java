package io.weir.cache.server;

import io.weir.web.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The removal of expired rows from the database. Expired entries are absent for clients at once.
 *
 * @param cleanInterval pause before the next look, unless the last one found a whole batch
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
    Bounds.time("weir.ttl.clean-interval", cleanInterval, Duration.ofMillis(100));
    Bounds.time("weir.ttl.margin", margin, Duration.ZERO);
    Bounds.within("weir.ttl.batch-rows", batchRows, 1, 10_000);
  }
}
