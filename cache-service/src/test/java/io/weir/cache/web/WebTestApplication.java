package io.weir.cache.web;

import io.weir.cache.door.DoorSettings;
import io.weir.cache.door.KvDoor;
import io.weir.cache.door.TestOwnership;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.TableLock;
import io.weir.cache.engine.Ticker;
import io.weir.cache.fast.FastConfiguration;
import io.weir.cache.journal.DirectJournal;
import io.weir.model.ByteSize;
import io.weir.model.Durability;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The web door over a real engine, whose rows are in memory. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
@Import({WebConfiguration.class, FastConfiguration.class})
public class WebTestApplication {

  static final int MAX_VALUE_BYTES = 1_000;

  /** Batches may have 56 of them. */
  static final int BUDGET_KIB = 64;

  @Bean
  FakeBackingStore store() {
    return new FakeBackingStore();
  }

  @Bean
  TestOwnership ownership() {
    return new TestOwnership();
  }

  @Bean
  CacheEngine engine(FakeBackingStore store) {
    EngineSettings settings =
        new EngineSettings(
            8 << 20,
            Long.MAX_VALUE,
            4,
            TableLock.OPTIMISTIC,
            EvictionPolicy.LRU,
            4 << 20,
            2 << 20,
            1 << 20,
            Duration.ofMillis(1),
            16,
            16,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));
    CacheEngine engine = new CacheEngine(settings, store, Clock.systemUTC(), Ticker.system());
    engine.lead(new DirectJournal(engine), EngineFixture.versions(), ReadGuard.ALWAYS);
    engine.allowMemory(true);
    return engine;
  }

  @Bean
  RequestBudget budget() {
    return new RequestBudget(ByteSize.ofKiB(BUDGET_KIB), Duration.ofMillis(10));
  }

  @Bean
  KvDoor door(CacheEngine engine, TestOwnership ownership) {
    return new KvDoor(
        engine,
        ownership,
        new DoorSettings(MAX_VALUE_BYTES, 1, Durability.MEMORY),
        Clock.systemUTC());
  }
}
