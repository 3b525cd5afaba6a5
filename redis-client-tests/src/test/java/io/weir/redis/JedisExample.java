package io.weir.redis;

import java.util.Set;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.SetParams;

/** Jedis, as docs/redis.md shows it. */
final class JedisExample {

  private JedisExample() {}

  static long visit(HostAndPort server) { // new HostAndPort("127.0.0.1", 9401)
    try (RedisClusterClient redis = RedisClusterClient.create(server)) {
      redis.set("user:1", "Ada", new SetParams().ex(3600));
      System.out.println(redis.get("user:1"));
      return redis.incr("visits{user:1}");
    }
  }

  static RedisClusterClient withToken(HostAndPort server, String token) {
    return RedisClusterClient.builder()
        .nodes(Set.of(server))
        .clientConfig(DefaultJedisClientConfig.builder().password(token).build())
        .build();
  }

  static RedisClusterClient thatAsksOnce(HostAndPort server) {
    return RedisClusterClient.builder().nodes(Set.of(server)).maxAttempts(1).build();
  }
}
