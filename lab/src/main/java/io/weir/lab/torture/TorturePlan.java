package io.weir.lab.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a torture is to be.
 *
 * @param duration of the faults
 * @param minFaults fewer make the run fail, since it has shown less than it was to
 * @param thinkTime what a client waits between two operations
 * @param settings for every cache server
 * @param classPath jars for the cache servers besides their own
 * @param dataDirectory null for a temporary one
 */
public record TorturePlan(
    Duration duration,
    int shards,
    int members,
    int clients,
    int keys,
    Duration thinkTime,
    long seed,
    Set<Fault> faults,
    int minFaults,
    int port,
    Map<String, String> settings,
    List<String> mysqlUrls,
    List<Path> classPath,
    @Nullable Path dataDirectory) {

  public TorturePlan {
    check(!duration.isNegative() && duration.toSeconds() >= 1, "--duration is at least 1s");
    check(shards >= 1 && shards <= 8, "--shards is 1 to 8, got " + shards);
    check(members >= 1 && members <= 5, "--members is 1 to 5, got " + members);
    check(clients >= 1 && clients <= 256, "--clients is 1 to 256, got " + clients);
    check(keys >= 1 && keys <= 100_000, "--keys is 1 to 100000, got " + keys);
    for (Path jar : classPath) {
      check(Files.isRegularFile(jar), "--cache-classpath: there is no file " + jar);
    }
    check(!faults.isEmpty(), "--faults leaves nothing that can be done with these members");
  }

  private static void check(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
