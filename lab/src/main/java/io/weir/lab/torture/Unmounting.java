package io.weir.lab.torture;

import io.weir.lab.cluster.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A volume that was not mounted: a cache server is killed, and started over an empty directory;
 * then it has its own again.
 *
 * <p>A lone server must refuse, since its journal may hold what the database does not. One of
 * several is a new member, which waits to be added; when the group has added it, the old member is
 * the one that has to be added again.
 */
final class Unmounting {

  private static final Duration REFUSAL = Duration.ofSeconds(90);
  private static final int LOOK_MILLIS = 50;

  /** How long a new member may take to be added, its start included. */
  private static final Duration ADDITION = Duration.ofMinutes(1);

  private static final Duration SOON = Duration.ofSeconds(8);

  private final LocalCluster cluster;
  private final Random random;

  Unmounting(LocalCluster cluster, Random random) {
    this.cluster = cluster;
    this.random = random;
  }

  /**
   * Does it, and starts the server with its own directory; it need not be ready when this returns.
   *
   * @param alone whether it is its shard's only server
   * @return what came of the start over an empty directory; null when the server did not run
   */
  @Nullable String unmount(String server, boolean alone) throws InterruptedException {
    if (!cluster.takeDown(server)) {
      return null;
    }
    Path mounted = cluster.directoryOf(server);
    Path aside = mounted.resolveSibling(server + ".unmounted");
    move(mounted, aside);
    String outcome;
    boolean founded = false;
    try {
      cluster.tryOnce(server);
      if (alone) {
        founded = !refuses(server);
        outcome = founded ? "founded anew" : "refused";
      } else {
        outcome = amongOthers(server);
      }
    } finally {
      cluster.takeDown(server);
      if (founded) {
        delete(aside);
      } else {
        delete(mounted);
        move(aside, mounted);
      }
      cluster.bringBack(server);
    }
    return outcome;
  }

  /** Whether it ends by itself; it has founded the next generation when it serves instead. */
  private boolean refuses(String server) throws InterruptedException {
    long deadline = System.nanoTime() + REFUSAL.toNanos();
    while (System.nanoTime() < deadline) {
      if (cluster.endedWith(server) != null) {
        return true;
      }
      if (cluster.isReady(server)) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new IllegalStateException(
        server
            + " neither refuses its empty directory nor serves within "
            + REFUSAL.toSeconds()
            + " s; see its log");
  }

  /** Half of the times it is let go on until the group has added it, and a while longer. */
  private String amongOthers(String server) throws InterruptedException {
    boolean untilAdded = random.nextBoolean();
    Duration longest = untilAdded ? ADDITION : Duration.ofMillis(random.nextLong(SOON.toMillis()));
    long end = System.nanoTime() + longest.toNanos();
    boolean added = false;
    while (System.nanoTime() < end && cluster.endedWith(server) == null) {
      if (!added && cluster.isReady(server)) {
        added = true;
        end = Math.min(end, System.nanoTime() + random.nextLong(SOON.toNanos()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    if (cluster.endedWith(server) != null) {
      return "refused";
    }
    return added ? "added as a new member" : "not added";
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
