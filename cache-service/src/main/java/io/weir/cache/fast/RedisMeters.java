package io.weir.cache.fast;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.weir.cache.redis.CommandSpec;
import io.weir.cache.redis.RespMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * What is measured of the Redis protocol. Safe for use by many threads.
 *
 * <p>The frequent commands have a timer each, the others one together: what a client may name must
 * not become a series.
 */
public final class RedisMeters implements RespMeters {

  private static final List<String> NAMED =
      List.of("get", "set", "mget", "mset", "del", "exists", "incr", "expire", "getex");

  private static final String OTHER = "other";

  private static final List<String> REASONS =
      List.of(
          "unknown-command",
          "protocol-error",
          "cross-protocol",
          "slow-client",
          "too-large",
          "overloaded");

  private static final Duration[] LATENCIES =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Map<String, OfCommand> named = new HashMap<>();
  private final OfCommand others;
  private final Map<String, LongAdder> refused = new HashMap<>();
  private final LongAdder commands = new LongAdder();

  /** Kept, since meters hold what they measure by a weak reference. */
  private volatile LongSupplier expiryRewrites = () -> 0;

  /** Binds its meters. */
  public RedisMeters(MeterRegistry registry) {
    for (String command : NAMED) {
      named.put(command, timers(registry, command));
    }
    this.others = timers(registry, OTHER);
    for (String reason : REASONS) {
      LongAdder count = new LongAdder();
      refused.put(reason, count);
      FunctionCounter.builder("weir.redis.refused", count, LongAdder::sum)
          .description("Requests of the Redis protocol that became no command, by why")
          .tag("reason", reason)
          .register(registry);
    }
  }

  private OfCommand timers(MeterRegistry registry, String command) {
    Timer answered = timer(registry, command, "ok");
    Timer failed = timer(registry, command, "error");
    return (isFailure, nanos) -> {
      commands.increment();
      (isFailure ? failed : answered).record(nanos, TimeUnit.NANOSECONDS);
    };
  }

  private static Timer timer(MeterRegistry registry, String command, String outcome) {
    return Timer.builder("weir.redis.commands")
        .description("Commands of the Redis protocol, from their beginning to their reply")
        .tags("command", command, "outcome", outcome)
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  /** Counts whole writes that change nothing but when a value expires. */
  public void bindExpiryRewrites(MeterRegistry registry, LongSupplier count) {
    expiryRewrites = count;
    FunctionCounter.builder(
            "weir.redis.expiry.rewrites", this, meters -> meters.expiryRewrites.getAsLong())
        .description("Values that EXPIRE, GETEX and their like wrote again for their expiry alone")
        .register(registry);
  }

  @Override
  public OfCommand of(CommandSpec command) {
    return named.getOrDefault(command.name(), others);
  }

  @Override
  public void refused(String why) {
    LongAdder count = refused.get(why);
    if (count != null) {
      count.increment();
    }
  }

  /** How many commands were answered. */
  public long commands() {
    return commands.sum();
  }
}
