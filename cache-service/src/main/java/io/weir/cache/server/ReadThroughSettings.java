package io.weir.cache.server;

import io.weir.web.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Read-through.
 *
 * @param maxInFlight most reads of the database at once; those beyond the connection pool's size
 *     wait for a connection
 * @param maxWait how long a miss waits to be among them, before it gets 503
 */
@Validated
@ConfigurationProperties(prefix = "weir.loads", ignoreUnknownFields = false)
public record ReadThroughSettings(
    @DefaultValue("64") int maxInFlight, @DefaultValue("1s") Duration maxWait) {

  public ReadThroughSettings {
    Bounds.atLeast("weir.loads.max-in-flight", maxInFlight, 1);
    Bounds.time("weir.loads.max-wait", maxWait, Duration.ZERO);
  }
}
