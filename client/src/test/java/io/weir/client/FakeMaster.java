package io.weir.client;

import com.sun.net.httpserver.HttpExchange;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A master that publishes the topology it was given, and holds back answers as the real one does.
 */
final class FakeMaster implements AutoCloseable {

  /** Longer than any call takes on the slowest machine. */
  static final Duration DEADLINE = Duration.ofMinutes(1);

  final FakeServer server = FakeServer.start();
  private volatile Topology topology;

  FakeMaster(Topology topology) {
    this.topology = topology;
    server.answers(this::answer);
  }

  /** A topology in which the servers share the slots equally; null stands for a lost leader. */
  static Topology topology(long version, long term, @Nullable FakeServer... leaders) {
    List<Shard> shards = new ArrayList<>();
    List<SlotRange> ranges = SlotRange.split(leaders.length);
    for (int i = 0; i < leaders.length; i++) {
      FakeServer leader = leaders[i];
      shards.add(
          new Shard(
              new ShardId(new UUID(0, i)),
              List.of(ranges.get(i)),
              term,
              leader == null
                  ? null
                  : new ListedServer(new NodeId("cache-" + i), leader.uri(), NodeState.UP),
              List.of()));
    }
    return new Topology(version, 16_384, TopologyState.SERVING, shards, List.of(), null, null);
  }

  String url() {
    return server.url();
  }

  /** Clients that know this master alone, wait for no news, and have more time than they need. */
  WeirClientBuilder clientBuilder() {
    return WeirClient.builder()
        .master(url())
        .deadline(DEADLINE)
        .connectTimeout(DEADLINE)
        .readTimeout(DEADLINE)
        .watch(false);
  }

  /** A clock on which every deadline has passed as soon as this has happened. */
  static LongSupplier jumpsOnce(BooleanSupplier happened) {
    return () -> System.nanoTime() + (happened.getAsBoolean() ? 2 * DEADLINE.toNanos() : 0);
  }

  /** A clock that stands still, and leaves a call this much time once this has happened. */
  static LongSupplier leaves(Duration left, BooleanSupplier happened) {
    return () -> happened.getAsBoolean() ? DEADLINE.minus(left).toNanos() : 0;
  }

  /** Publishes another topology, and wakes who waits for it. */
  synchronized void publish(Topology next) {
    topology = next;
    notifyAll();
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    String known = exchange.getRequestHeaders().getFirst("If-None-Match");
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null && query.contains("wait=")) {
      await(String.valueOf(known));
    }
    Topology answer = topology;
    String tag = "\"" + answer.version() + "\"";
    exchange.getResponseHeaders().set("ETag", tag);
    if (tag.equals(known)) {
      exchange.sendResponseHeaders(304, -1);
    } else {
      FakeServer.send(exchange, 200, Json.MAPPER.writeValueAsString(answer));
    }
  }

  private synchronized void await(String known) throws InterruptedException {
    long end = System.nanoTime() + 2_000_000_000L;
    while (("\"" + topology.version() + "\"").equals(known) && System.nanoTime() < end) {
      wait(50);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
