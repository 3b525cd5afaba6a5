package io.weir.redis;

import io.lettuce.core.ReadFrom;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.protocol.CommandType;

/** Lettuce, as docs/redis.md shows it. */
final class LettuceExample {

  private LettuceExample() {}

  static long visit(String uri) { // "redis://127.0.0.1:9401"
    try (RedisClusterClient client = RedisClusterClient.create(uri);
        StatefulRedisClusterConnection<String, String> connection = client.connect()) {
      RedisAdvancedClusterCommands<String, String> redis = connection.sync();
      redis.setex("user:1", 3600, "Ada");
      System.out.println(redis.get("user:1"));
      return redis.incr("visits{user:1}");
    }
  }

  static void sendNoIncrementTwice(RedisClusterClient client) {
    ClusterClientOptions.Builder options = ClusterClientOptions.builder();
    options.timeoutOptions(TimeoutOptions.enabled());
    options.replayFilter(command -> command.getType() == CommandType.INCR);
    client.setOptions(options.build());
  }

  static String readAnywhere(RedisClusterClient client, String key) {
    try (StatefulRedisClusterConnection<String, String> connection = client.connect()) {
      connection.setReadFrom(ReadFrom.ANY);
      return connection.sync().get(key);
    }
  }
}
