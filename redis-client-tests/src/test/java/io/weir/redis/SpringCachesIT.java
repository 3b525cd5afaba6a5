package io.weir.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.cache.BatchStrategies;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Spring's caches and templates, with what Spring Boot sets up by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@ExtendWith(TwoShards.class)
class SpringCachesIT {

  private final TestServers servers;
  private ConfigurableApplicationContext context;
  private SpringExample.Articles articles;
  private Cache cache;
  private StringRedisTemplate strings;

  SpringCachesIT(TestServers servers) {
    this.servers = servers;
  }

  @BeforeAll
  void start() {
    context =
        new SpringApplicationBuilder(SpringExample.class)
            .web(WebApplicationType.NONE)
            .properties(
                "spring.data.redis.cluster.nodes=" + servers.seed(),
                "spring.cache.type=redis",
                "spring.cache.redis.time-to-live=10m")
            .run();
    articles = context.getBean(SpringExample.Articles.class);
    cache =
        Objects.requireNonNull(context.getBean(CacheManager.class).getCache("articles"), "a cache");
    strings = context.getBean(StringRedisTemplate.class);
  }

  @AfterAll
  void stop() {
    context.close();
  }

  @BeforeEach
  void empty() {
    cache.invalidate();
  }

  @Test
  void aMethodIsCalledOnceForAKey() {
    int before = articles.lookups();
    SpringExample.Article article = articles.find("4711");
    assertThat(articles.find("4711")).isEqualTo(article);
    assertThat(articles.lookups()).isEqualTo(before + 1);
    assertThat(strings.getExpire("articles::4711")).isBetween(1L, 600L);

    articles.changed("4711");
    articles.find("4711");
    assertThat(articles.lookups()).isEqualTo(before + 2);
  }

  @Test
  void aCacheIsClearedInEveryShard() {
    IntStream.range(0, 50).forEach(i -> articles.find("article " + i));
    assertThat(strings.hasKey("articles::article 7")).isTrue();
    cache.clear();
    int before = articles.lookups();
    IntStream.range(0, 50).forEach(i -> articles.find("article " + i));
    assertThat(articles.lookups()).isEqualTo(before + 50);
  }

  @Test
  void oneIsPutOnlyIfThereIsNone() {
    assertThat(cache.putIfAbsent("once", "first")).isNull();
    assertThat(Objects.requireNonNull(cache.putIfAbsent("once", "second")).get())
        .isEqualTo("first");
    assertThat(cache.evictIfPresent("once")).isTrue();
    assertThat(cache.evictIfPresent("once")).isFalse();
  }

  @Test
  void whatIsReadStaysLonger() {
    RedisCacheManager manager =
        RedisCacheManager.builder(
                RedisCacheWriter.create(
                    context.getBean(RedisConnectionFactory.class),
                    writer -> writer.immediateWrites().batchStrategy(BatchStrategies.scan(100))))
            .cacheDefaults(
                RedisCacheConfiguration.defaultCacheConfig()
                    .entryTtl(Duration.ofSeconds(100))
                    .enableTimeToIdle())
            .build();
    Cache idle = Objects.requireNonNull(manager.getCache("idle"), "a cache");
    idle.put("a", "value");
    strings.expire("idle::a", Duration.ofSeconds(10));
    assertThat(Objects.requireNonNull(idle.get("a")).get()).isEqualTo("value");
    assertThat(strings.getExpire("idle::a")).isBetween(11L, 100L);
    IntStream.range(0, 300).forEach(i -> idle.put("key " + i, "value"));
    idle.clear();
    assertThat(strings.hasKey("idle::a")).isFalse();
    assertThat(strings.hasKey("idle::key 299")).isFalse();
  }

  @Test
  void aLockingWriterUnlocksWhatItLocked() {
    RedisCacheManager manager =
        RedisCacheManager.builder(
                RedisCacheWriter.create(
                    context.getBean(RedisConnectionFactory.class),
                    writer -> writer.immediateWrites().enableLocking()))
            .build();
    Cache locked = Objects.requireNonNull(manager.getCache("locked"), "a cache");
    locked.put("a", "value");
    locked.putIfAbsent("a", "another");
    locked.clear();
    assertThat(locked.get("a")).isNull();
    assertThat(strings.hasKey("locked~lock")).isFalse();
  }

  @Test
  void templatesCountExpireAndScan() {
    strings.opsForValue().set("spring:a", "1", Duration.ofMillis(700));
    await().until(() -> strings.opsForValue().get("spring:a") == null);
    assertThat(strings.opsForValue().increment("spring:counter", 5)).isEqualTo(5);
    assertThat(strings.opsForValue().setIfAbsent("spring:counter", "6")).isFalse();
    assertThat(strings.opsForValue().multiGet(List.of("spring:counter", "spring:none")))
        .containsExactly("5", null);
    try (var keys = strings.scan(ScanOptions.scanOptions().match("spring:*").build())) {
      assertThat(keys.stream().toList()).containsExactly("spring:counter");
    }
    assertThat(strings.delete("spring:counter")).isTrue();
  }

  @Test
  void theHealthOfTheConnectionIsUp() {
    assertThat(
            Objects.requireNonNull(
                    context.getBean(HealthEndpoint.class).healthForPath("redis"), "redis")
                .getStatus())
        .isEqualTo(Status.UP);
  }

  @Test
  void aTemplateThatSerialisesKeysIsToldTheRemedy() {
    assumeThat(servers.areWeir()).isTrue();
    RedisTemplate<Object, Object> template = new RedisTemplate<>();
    template.setConnectionFactory(context.getBean(RedisConnectionFactory.class));
    template.afterPropertiesSet();
    assertThatThrownBy(() -> template.opsForValue().set("key", "value"))
        .isInstanceOf(RedisSystemException.class)
        .rootCause()
        .hasMessageContaining("UTF-8")
        .hasMessageContaining("StringRedisSerializer");
  }
}
