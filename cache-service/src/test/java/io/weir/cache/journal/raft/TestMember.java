package io.weir.cache.journal.raft;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member of a group on loopback, and what its listener was told. */
final class TestMember implements JournalListener, AutoCloseable {

  static final String GROUP = RaftSettings.groupOf("test", 1);
  static final String SECRET = "a secret of the test's group";

  /** Long enough that no pause of a busy machine looks like the leader's death. */
  static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(2);

  private static final Duration LONG = Duration.ofMinutes(2);

  final DirtyMap dirty = new DirtyMap();
  final List<Reign> reigns = new CopyOnWriteArrayList<>();
  final List<Reign> stopped = new CopyOnWriteArrayList<>();
  final List<String> broken = new CopyOnWriteArrayList<>();
  final RaftJournal journal;
  private final RaftDirectory directory;
  private volatile @Nullable Reign reign;

  private TestMember(RaftSettings settings, int port) {
    directory = RaftDirectory.open(settings.directory(), settings.group(), "127.0.0.1", port);
    journal = new RaftJournal(settings, directory, dirty, this);
  }

  static RaftSettings settings(Path path, int port, long snapshotAfterBytes) {
    return settings(GROUP, path, port, snapshotAfterBytes);
  }

  static RaftSettings settings(String group, Path path, int port, long snapshotAfterBytes) {
    return new RaftSettings(
        group,
        path,
        new InetSocketAddress("127.0.0.1", port),
        SECRET,
        ELECTION_TIMEOUT,
        64 << 10,
        2,
        16 << 20,
        snapshotAfterBytes,
        LinkCipher.NONE);
  }

  /** A member that the others know at another port than the one where it listens. */
  static TestMember at(int knownPort, RaftSettings settings) {
    return new TestMember(settings, knownPort);
  }

  static TestMember start(RaftSettings settings, RaftJournal.Beginning beginning) {
    TestMember member = new TestMember(settings, settings.listen().getPort());
    member.journal.start(beginning);
    return member;
  }

  Member member() {
    return directory.member();
  }

  @Override
  public void leading(Reign begun) {
    reigns.add(begun);
    reign = begun;
  }

  @Override
  public void stopped(Reign ended, String reason) {
    reign = null;
    stopped.add(ended);
  }

  @Override
  public void following(@Nullable Member leader, long term) {}

  @Override
  public void membersChanged(Members members) {}

  @Override
  public void broken(String what, @Nullable Throwable cause) {
    broken.add(what);
  }

  boolean leads() {
    return reign != null;
  }

  Reign awaitReign() {
    Reign now = reign;
    if (now != null) {
      return now;
    }
    await().atMost(LONG).until(this::leads);
    return requireNonNull(reign);
  }

  CompletableFuture<@Nullable Void> append(Mutation... mutations) {
    return journal.under(awaitReign()).append(List.of(mutations));
  }

  void put(String key, long version) {
    append(written(key, version)).orTimeout(2, java.util.concurrent.TimeUnit.MINUTES).join();
  }

  void awaitVersion(String key, long version) {
    await().atMost(LONG).until(() -> dirty.versionOf(key) == version);
  }

  /** How many snapshots a member has that are whole: one that is being written is "temp". */
  static long snapshotsIn(Path directory) throws IOException {
    try (Stream<Path> names = Files.list(directory.resolve("snapshot"))) {
      return names.filter(name -> name.getFileName().toString().startsWith("snapshot_")).count();
    }
  }

  static Mutation written(String key, long version) {
    return written(key, version, 100);
  }

  static Mutation written(String key, long version, int bytes) {
    return new Mutation.Written(
        new Write(
            Key.of(key), new Version(version), new Value(new byte[bytes], "a/b", Value.NEVER)));
  }

  @Override
  public void close() {
    journal.close();
  }
}
