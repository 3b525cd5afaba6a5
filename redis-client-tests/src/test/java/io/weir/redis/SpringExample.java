package io.weir.redis;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** An application that caches, as docs/redis.md shows it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
@Import(SpringExample.Articles.class)
class SpringExample {

  /** Else a method returns before its value is in the cache, and nobody hears when it cannot be. */
  @Bean
  RedisCacheManagerBuilderCustomizer immediateWrites(RedisConnectionFactory connections) {
    return caches ->
        caches.cacheWriter(
            RedisCacheWriter.create(connections, writer -> writer.immediateWrites()));
  }

  record Article(String number, String name) implements Serializable {}

  static class Articles {

    private final AtomicInteger lookups = new AtomicInteger();

    @Cacheable("articles")
    public Article find(String number) {
      lookups.incrementAndGet(); // The expensive question.
      return new Article(number, "article " + number);
    }

    @CacheEvict("articles")
    public void changed(String number) {}

    public int lookups() {
      return lookups.get();
    }
  }
}
