package io.weir.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.RedisClusterClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Java of docs/redis.md runs, and is what the page shows. */
@Timeout(300)
@ExtendWith(TwoShards.class)
class ExamplesIT {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void bothClientsCountTheSameVisits(TestServers servers) {
    long visits = LettuceExample.visit(servers.seedUri());
    assertThat(JedisExample.visit(servers.seed())).isEqualTo(visits + 1);
    try (RedisClusterClient client = RedisClusterClient.create(servers.seedUri())) {
      LettuceExample.sendNoIncrementTwice(client);
      assertThat(LettuceExample.readAnywhere(client, "user:1")).isEqualTo("Ada");
    }
    try (var once = JedisExample.thatAsksOnce(servers.seed())) {
      assertThat(once.incr("visits{user:1}")).isEqualTo(visits + 2);
    }
  }

  @Test
  void thePageShowsWhatIsCompiledHere() throws IOException {
    String page = Files.readString(Path.of("../docs/redis.md"));
    List<String> examples =
        JAVA.matcher(page).results().map(result -> plain(result.group(1))).toList();
    assertThat(examples).hasSizeGreaterThan(3);
    String here = sources();
    assertThat(examples).allSatisfy(example -> assertThat(here).contains(example));
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("src/test/java/io/weir/redis"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("Example.java")).toList()) {
        all.append(plain(Files.readString(file))).append('\n');
      }
    }
    return all.toString();
  }

  private static String plain(String java) {
    return java.replaceAll("\\s+", " ").strip();
  }
}
