package io.weir.load.run;

import io.netty.channel.EventLoop;
import io.weir.client.LeastBusy;
import io.weir.client.transport.Access;
import io.weir.client.transport.ServerAddress;
import io.weir.model.Consistency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with its clients, and what they share: the recorder, the requests to each server,
 * the pacer of the stage.
 *
 * <p><b>Concurrency.</b> Confined to the loop, but for {@link #enter} and {@link #close}.
 *
 * <p><b>The beat.</b> Every {@value #BEAT_MILLIS} ms the loop looks how late it is itself. When it
 * was busy or got no processor for a while, all beats of that while come at once, each with its own
 * delay; so the delays are those of moments spread evenly over time.
 */
final class LoadLoop {

  private static final int BEAT_MILLIS = 10;
  private static final int BEATS_PER_SWEEP = 10;

  private final EventLoop loop;
  private final LoopRecorder recorder;
  private final Access access;
  private final @Nullable Consistency readFromAny;
  private final LeastBusy servers;
  private final List<LoadClient> clients = new ArrayList<>();
  private final Map<ServerAddress, RequestFactory> requests = new HashMap<>();
  private Wire.@Nullable Opener wires;
  private @Nullable Pacer pacer;
  private long nextBeat;
  private long beats;

  /**
   * @param readFromAny what reads promise that any server of a shard may answer; null for none
   * @param random chooses between servers
   */
  LoadLoop(
      EventLoop loop,
      LoopRecorder recorder,
      Access access,
      @Nullable Consistency readFromAny,
      SplittableRandom random) {
    this.loop = loop;
    this.recorder = recorder;
    this.access = access;
    this.readFromAny = readFromAny;
    this.servers = new LeastBusy(random::nextInt, System::nanoTime);
  }

  EventLoop eventLoop() {
    return loop;
  }

  LoopRecorder recorder() {
    return recorder;
  }

  /** Has its clients connect by this, before the first stage. */
  void connectBy(Wire.Opener opener) {
    wires = opener;
  }

  Wire.Opener wires() {
    return Objects.requireNonNull(wires);
  }

  Access access() {
    return access;
  }

  /** Adds a client, before the first stage. */
  void add(LoadClient client) {
    clients.add(client);
  }

  int clients() {
    return clients.size();
  }

  /** How busy this loop keeps the servers with reads that any of a shard may answer. */
  LeastBusy servers() {
    return servers;
  }

  RequestFactory requestsTo(ServerAddress server) {
    return requests.computeIfAbsent(server, this::newRequestsTo);
  }

  /** What to send after the token of those requests was refused; null when there is no other. */
  @Nullable RequestFactory otherRequestsTo(ServerAddress server, RequestFactory refused) {
    RequestFactory current = requestsTo(server);
    if (current != refused) {
      return current; // Another client of this loop was refused before.
    }
    if (!access.renew(refused.authorization())) {
      return null;
    }
    RequestFactory others = newRequestsTo(server);
    requests.put(server, others);
    return others;
  }

  private RequestFactory newRequestsTo(ServerAddress server) {
    return new RequestFactory(server, access.authorization(), readFromAny);
  }

  /** Has the loop begin a stage; the one before it is complete. */
  void enter(Stage stage, Function<LoadLoop, Pacer> pacers) {
    loop.execute(() -> {
      Pacer next = pacers.apply(this);
      if (pacer == null) {
        startBeating();
      }
      pacer = next;
      clients.forEach(each -> each.enter(stage, next));
      next.start(clients);
    });
  }

  /** Has the loop close all connections. */
  void close() {
    loop.execute(() -> clients.forEach(LoadClient::close));
  }

  private void startBeating() {
    nextBeat = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
    var _ = loop.scheduleAtFixedRate(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    long now = System.nanoTime();
    recorder.late(now - nextBeat);
    nextBeat += TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
    if (++beats % BEATS_PER_SWEEP == 0) {
      clients.forEach(each -> each.sweep(now));
    }
    if (pacer != null) {
      pacer.beat(now);
    }
  }
}
