package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.JRaftUtils;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.ReplicatedStateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the dirty set replaces the log before it, and how it is saved and loaded.
 *
 * <p>A snapshot is due when as many bytes of mutations were applied as the setting says, or as the
 * last snapshot had: so the log is at most about twice the dirty set, and saving it costs at most
 * as much as writing the log did. Each time a fifth more or less, at random: the members apply the
 * same, and would all load their disks at the same moment.
 *
 * <p><b>Concurrency.</b> Saved by a thread of its own while mutations are applied.
 */
final class Snapshots implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  private final String group;
  private final Configurations configurations;
  private final long afterBytes;
  private final Consumer<Closure> trigger;
  private final DoubleSupplier random;
  private final ExecutorService saver =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("weir-raft-snapshot").factory());

  private long appliedSince;
  private double share;
  private final AtomicBoolean due = new AtomicBoolean();
  private volatile long lastBytes;
  private final AtomicLong saved = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /**
   * @param trigger asks the node for a snapshot, which may wait; it calls {@link #save} when the
   *     state machine has come to it
   * @param random draws from 0 to 1
   */
  Snapshots(
      String group,
      Configurations configurations,
      long afterBytes,
      Consumer<Closure> trigger,
      DoubleSupplier random) {
    this.group = group;
    this.configurations = configurations;
    this.afterBytes = afterBytes;
    this.trigger = trigger;
    this.random = random;
    this.share = drawShare();
  }

  /** Counts what was applied. In the applying thread. */
  void applied(int bytes) {
    appliedSince += bytes;
    if (appliedSince >= share * Math.max(afterBytes, lastBytes)) {
      saveSoon();
    }
  }

  /** Asks for a snapshot now, unless one is under way. Nothing happens if nothing was applied. */
  void saveSoon() {
    if (due.compareAndSet(false, true)) {
      try {
        saver.execute(this::ask);
      } catch (RejectedExecutionException e) {
        LOG.debug("no snapshot: the member is stopping");
      }
    }
  }

  /** Whatever is thrown ends it: none would be asked for again. */
  private void ask() {
    try {
      trigger.accept(this::ended);
    } catch (RuntimeException | Error e) {
      ended(failure(e));
    }
  }

  private static Status failure(Throwable cause) {
    return new Status(RaftError.EINTERNAL, "%s", cause.toString());
  }

  private double drawShare() {
    return 0.8 + 0.4 * random.getAsDouble();
  }

  private void ended(Status status) {
    due.set(false);
    if (!status.isOk()) {
      LOG.warn("no snapshot, trying again later: group={}: {}", group, status.getErrorMsg());
    }
  }

  /** Saves a snapshot aside. In the applying thread. */
  void save(
      SnapshotFile.Header header, Iterable<Mutation> state, SnapshotWriter writer, Closure done) {
    appliedSince = 0;
    share = drawShare();
    saver.execute(() -> write(header, state, writer, done));
  }

  private void write(
      SnapshotFile.Header header, Iterable<Mutation> state, SnapshotWriter writer, Closure done) {
    try {
      long start = System.nanoTime();
      long bytes = SnapshotFile.write(Path.of(writer.getPath(), SnapshotFile.NAME), header, state);
      if (!writer.addFile(SnapshotFile.NAME)) {
        throw new IOException("the snapshot takes no file");
      }
      lastBytes = bytes;
      saved.incrementAndGet();
      done.run(Status.OK());
      LOG.debug(
          "snapshot: group={} bytes={} millis={}",
          group,
          bytes,
          (System.nanoTime() - start) / 1_000_000);
    } catch (IOException | RuntimeException | Error e) {
      failed.incrementAndGet();
      LOG.error("could not save a snapshot, the log goes on growing: group={}", group, e);
      done.run(failure(e));
    }
  }

  JournalStatus.Snapshots counts() {
    return new JournalStatus.Snapshots(saved.get(), failed.get(), lastBytes);
  }

  /** Loads a snapshot into the state machine, verified before. */
  SnapshotFile.Header load(SnapshotReader reader, ReplicatedStateMachine machine)
      throws IOException {
    SnapshotMeta meta = reader.load();
    if (meta == null || reader.getFileMeta(SnapshotFile.NAME) == null) {
      throw new IOException("the snapshot " + reader.getPath() + " has no dirty set");
    }
    Path file = Path.of(reader.getPath(), SnapshotFile.NAME);
    SnapshotFile.Header header = SnapshotFile.verify(file);
    // The new state is built beside the old one, and there may be no room for the clean part too.
    machine.dropClean();
    try (SnapshotFile.Reader state = SnapshotFile.read(file)) {
      machine.install(state);
    }
    if (meta.getOldPeersCount() == 0) {
      configurations.seen(
          meta.getLastIncludedIndex(), peers(meta.getPeersList()), peers(meta.getLearnersList()));
    }
    lastBytes = Files.size(file);
    appliedSince = 0;
    LOG.info(
        "snapshot installed: group={} epoch={} format={} bytes={}",
        group,
        header.epoch(),
        header.format(),
        lastBytes);
    return header;
  }

  private static List<PeerId> peers(List<String> texts) {
    return texts.stream().map(JRaftUtils::getPeerId).toList();
  }

  @Override
  public void close() {
    saver.shutdown();
  }
}
