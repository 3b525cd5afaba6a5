package io.weir.master.dashboard;

import io.weir.master.RunningMaster;
import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Nodes that are nothing but their heartbeats. */
final class HeartbeatingNodes implements AutoCloseable {

  private final RunningMaster master;
  private final Map<String, RegistrationRequest> nodes = new ConcurrentHashMap<>();
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heartbeats").daemon().factory());

  HeartbeatingNodes(RunningMaster master, Duration every) {
    this.master = master;
    var _ = heart.scheduleWithFixedDelay(this::beat, 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets a node live from now on, with the request as its heartbeat. */
  void live(RegistrationRequest heartbeat) {
    master.register(heartbeat);
    nodes.put(heartbeat.nodeId().value(), heartbeat);
  }

  /** Lets it be silent from now on. */
  void silence(String node) {
    nodes.remove(node);
  }

  /** Lets it take its leave; no heartbeat of it comes afterwards. */
  void leave(String node) {
    CompletableFuture.runAsync(
            () -> {
              nodes.remove(node);
              master.deregister(new NodeId(node));
            },
            heart)
        .join();
  }

  private void beat() {
    nodes.values().forEach(master::register);
  }

  @Override
  public void close() {
    heart.shutdownNow();
  }
}
