package io.weir.cache.server;

import io.weir.web.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Read-through.
 *
 * @param maxInFlight most statements at once that read rows for misses; more than {@code
 *     weir.database.pool-size} wait for a connection. A miss that finds all of them busy is read
 *     together with others that wait, by the next
 * @param maxWait how long a miss waits for that, before it gets 503
 */
@Validated
@ConfigurationProperties(prefix = "weir.loads", ignoreUnknownFields = false)
public record ReadThroughSettings(
    @DefaultValue("16") int maxInFlight, @DefaultValue("1s") Duration maxWait) {

  public ReadThroughSettings {
    Bounds.atLeast("weir.loads.max-in-flight", maxInFlight, 1);
    Bounds.time("weir.loads.max-wait", maxWait, Duration.ZERO);
  }
}
