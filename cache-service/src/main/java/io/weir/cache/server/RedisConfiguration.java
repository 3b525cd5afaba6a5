package io.weir.cache.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.cache.door.Ownership;
import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.fast.FastPort;
import io.weir.cache.fast.FastSettings;
import io.weir.cache.fast.RedisHandlers;
import io.weir.cache.fast.RedisLogins;
import io.weir.cache.fast.RedisMeters;
import io.weir.cache.membership.ClusterView;
import io.weir.cache.membership.FastAddress;
import io.weir.cache.redis.ClusterRoutes;
import io.weir.cache.redis.Connections;
import io.weir.cache.redis.JournalOffset;
import io.weir.cache.redis.KeyCommands;
import io.weir.cache.redis.KeySettings;
import io.weir.cache.redis.RespBudget;
import io.weir.cache.redis.RespDoor;
import io.weir.cache.redis.RespLimits;
import io.weir.cache.redis.ScanTurns;
import io.weir.cache.redis.ServerCommands;
import io.weir.cache.redis.ServerFacts;
import io.weir.cache.redis.Session;
import io.weir.cache.redis.SlotKeys;
import io.weir.cache.web.RequestBudget;
import io.weir.web.security.Logins;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the Redis protocol of the fast port, where there is one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "weir.fast.enabled", havingValue = "true")
class RedisConfiguration {

  /** Of a request's words together: as many as an entry of the journal takes. */
  private static final int LARGEST_VALUES = 4;

  /** For other commands that read all keys. */
  private static final Duration SCAN_WAIT = Duration.ofSeconds(2);

  @Bean
  FastAddress fastAddress(ObjectProvider<FastPort> port) {
    return new FastAddress() {
      @Override
      public int port() {
        return port.getObject().boundPort();
      }

      @Override
      public boolean isEncrypted() {
        return port.getObject().isEncrypted();
      }
    };
  }

  @Bean
  RedisHandlers redisHandlers(
      CacheEngine engine,
      Ownership ownership,
      ServerSettings server,
      FastSettings settings,
      CacheSettings cache,
      ClusterView cluster,
      ClusterRoutes routes,
      JournalOffset offset,
      RequestBudget budget,
      Logins logins,
      ObjectProvider<ShardServer> shard,
      MeterRegistry registry,
      Clock clock) {
    AsyncEngine async = new AsyncEngine(engine);
    int maxValueBytes = server.maxValueSize().toIntExact();
    RedisMeters meters = new RedisMeters(registry);
    ScanTurns turns = new ScanTurns(SCAN_WAIT);
    KeyCommands keys =
        new KeyCommands(
            async,
            engine,
            ownership,
            new KeySettings(
                maxValueBytes, server.durability(), settings.maxKeys(), settings.allowFlush()),
            copies(shard),
            turns,
            clock);
    meters.bindExpiryRewrites(registry, keys::expiryRewrites);
    ConnectionsOf connections = new ConnectionsOf(meters);
    ServerCommands.Parts told =
        new ServerCommands.Parts(
            cluster,
            engine::statistics,
            connections,
            new ServerFacts(
                version(),
                clock.instant(),
                maxValueBytes,
                settings.mostConnections(),
                policy(cache),
                logins.areAsked()),
            offset,
            new SlotKeys(engine, turns),
            clock);
    RespDoor door =
        new RespDoor(
            new RespDoor.Parts(
                new ServerCommands(told).with(keys.all()),
                routes,
                RespLimits.of(maxValueBytes, LARGEST_VALUES * maxValueBytes),
                new RedisLogins(logins),
                new Reserved(budget),
                meters,
                async,
                engine,
                server.durability(),
                starting(engine),
                waiting -> Thread.ofVirtual().name("weir-redis-wait").start(waiting)));
    connections.door.set(door);
    return door::handler;
  }

  private static String version() {
    String built = RedisConfiguration.class.getPackage().getImplementationVersion();
    return built == null ? "development" : built;
  }

  /** Whether the server has not served yet. */
  private static BooleanSupplier starting(CacheEngine engine) {
    AtomicBoolean served = new AtomicBoolean();
    return () -> {
      if (!served.get() && engine.isServing()) {
        served.set(true);
      }
      return !served.get();
    };
  }

  /** A majority of the members has a write when it is acknowledged, this one among them. */
  private static IntSupplier copies(ObjectProvider<ShardServer> shard) {
    return () -> {
      ShardGroup group = shard.getObject().group();
      return group == null ? 0 : group.journal().members().voters().size() / 2;
    };
  }

  private static String policy(CacheSettings cache) {
    return switch (cache.policy()) {
      case LRU -> "allkeys-lru";
      case W_TINYLFU -> "allkeys-lfu";
    };
  }

  /** The budget of requests, which the HTTP port has too. */
  private record Reserved(RequestBudget budget) implements RespBudget {

    @Override
    public boolean tryReserve(long bytes) {
      return budget.tryReserve(bytes);
    }

    @Override
    public void reserve(long bytes) {
      budget.reserve(bytes);
    }

    @Override
    public void release(long bytes) {
      budget.release(bytes);
    }
  }

  /** The connections of a door that is made after the commands that tell of them. */
  private static final class ConnectionsOf implements Connections {

    private final RedisMeters meters;
    private final AtomicReference<@Nullable RespDoor> door = new AtomicReference<>();

    ConnectionsOf(RedisMeters meters) {
      this.meters = meters;
    }

    @Override
    public Collection<Session> open() {
      RespDoor made = door.get();
      return made == null ? List.of() : made.sessions();
    }

    @Override
    public long opened() {
      RespDoor made = door.get();
      return made == null ? 0 : made.opened();
    }

    @Override
    public long commands() {
      return meters.commands();
    }
  }
}
