package io.weir.benchmarks;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.VersionSequence;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.journal.Reign;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftJournal;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The engine on its own journal, alone in its group, which it leads. */
final class JournalledEngine implements JournalListener, AutoCloseable {

  private final EngineFixture fixture = new EngineFixture();
  private final CompletableFuture<Reign> leading = new CompletableFuture<>();
  private final RaftJournal journal;
  private final Journal led;

  JournalledEngine(Path path) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String group = RaftSettings.groupOf("benchmark", 1);
    RaftDirectory directory = RaftDirectory.open(path, group, "127.0.0.1", port);
    journal =
        new RaftJournal(
            RaftSettings.of(
                group,
                path,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                "not a secret at all"),
            directory,
            fixture.engine(),
            this);
    journal.start(RaftJournal.Beginning.FOUND);
    Reign reign = leading.get(30, TimeUnit.SECONDS);
    led = journal.under(reign);
    fixture.lead(
        led,
        new VersionSequence(1, reign.epoch(), () -> journal.takeEpoch(reign)),
        ReadGuard.ALWAYS);
    fixture.engine().allowMemory(true);
  }

  void write(Key key, byte[] value, Durability durability) {
    var _ =
        fixture
            .engine()
            .write(key, new Value(value, null, Value.NEVER), Condition.NONE, durability);
  }

  /** The engine as an event loop calls it. */
  AsyncEngine async() {
    return new AsyncEngine(fixture.engine());
  }

  /** What the engine appends to. */
  Journal journal() {
    return led;
  }

  @Override
  public void leading(Reign reign) {
    leading.complete(reign);
  }

  @Override
  public void stopped(Reign reign, String reason) {}

  @Override
  public void following(@Nullable Member leader, long term) {}

  @Override
  public void membersChanged(Members members) {}

  @Override
  public void broken(String what, @Nullable Throwable cause) {
    throw new IllegalStateException(what, cause);
  }

  @Override
  public void close() {
    fixture.close();
    journal.close();
  }
}
