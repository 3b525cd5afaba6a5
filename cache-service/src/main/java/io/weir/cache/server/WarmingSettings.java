package io.weir.cache.server;

import io.weir.web.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The keys that are used most, loaded before they are asked for: by a replica, which follows its
 * leader's list, and by a server that starts alone, which has kept its own.
 *
 * @param keys most keys of the list, which has 4 MiB at most; 0 loads nothing before it is asked
 *     for
 * @param interval how often a replica asks for its leader's list. Every sixth time a server keeps
 *     its own beside its journal
 * @param rate most rows a second that are loaded so; more is warm sooner, and takes more of the
 *     database while it becomes so
 */
@Validated
@ConfigurationProperties(prefix = "weir.warming", ignoreUnknownFields = false)
record WarmingSettings(
    @DefaultValue("50000") int keys,
    @DefaultValue("10s") Duration interval,
    @DefaultValue("2000") int rate) {

  private static final int MOST_KEYS = 200_000;
  private static final int HIGHEST_RATE = 1_000_000;

  WarmingSettings {
    Bounds.within("weir.warming.keys", keys, 0, MOST_KEYS);
    Bounds.time("weir.warming.interval", interval, Duration.ofSeconds(1));
    Bounds.within("weir.warming.rate", rate, 1, HIGHEST_RATE);
  }
}
