package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.ReplicatedStateMachine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log drives: the dirty set, and the epoch that each leader takes.
 *
 * <p><b>Concurrency.</b> Called by JRaft's one applying thread.
 *
 * <p><b>Failure.</b> JRaft 1.3.15 survives an exception from here with a state machine that stands
 * still and a node that goes on. So whatever is thrown ends the member.
 */
final class LogStateMachine extends StateMachineAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(LogStateMachine.class);

  private final ReplicatedStateMachine machine;
  private final Snapshots snapshots;
  private final Elections elections;
  private final FormatInUse format;
  private final FailStop failStop;
  private final Steps steps = new Steps();
  private volatile long applied;
  private long epoch;

  /** Whether the group had one member at most, as far as the log is applied. */
  private boolean alone = true;

  LogStateMachine(
      ReplicatedStateMachine machine,
      Snapshots snapshots,
      Elections elections,
      FormatInUse format,
      FailStop failStop) {
    this.machine = machine;
    this.snapshots = snapshots;
    this.elections = elections;
    this.format = format;
    this.failStop = failStop;
  }

  /** Told the epoch that its entry has taken. */
  static final class EpochTaken implements Closure {
    private final CompletableFuture<Long> epoch = new CompletableFuture<>();

    CompletableFuture<Long> epoch() {
      return epoch;
    }

    @Override
    public void run(Status status) {
      epoch.completeExceptionally(new JournalException.OutcomeOpen(status.getErrorMsg()));
    }
  }

  /** Told that the group has switched to a format. */
  static final class FormatSwitched implements Closure {
    private final CompletableFuture<@Nullable Void> applied = new CompletableFuture<>();

    CompletableFuture<@Nullable Void> applied() {
      return applied;
    }

    @Override
    public void run(Status status) {
      applied.completeExceptionally(new JournalException.OutcomeOpen(status.getErrorMsg()));
    }
  }

  /** The last entry that is applied. */
  long applied() {
    return applied;
  }

  /** The entry that is being applied, or {@link Steps#NONE}. */
  long applying() {
    return steps.current();
  }

  @Override
  public void onApply(Iterator entries) {
    try {
      while (entries.hasNext()) {
        steps.begin();
        try {
          apply(entries.getIndex(), entries.getData(), entries.done());
          applied = entries.getIndex();
        } finally {
          steps.end();
        }
        entries.next();
      }
    } catch (JournalFormatException e) {
      failStop.trip(String.valueOf(e.getMessage()), e);
      entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "%s", e.toString()));
    } catch (RuntimeException | Error e) {
      failStop.trip("could not apply entry " + entries.getIndex(), e);
      entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "%s", e.toString()));
    }
  }

  /**
   * @param entry JRaft's own buffer, which replication to others still reads: its position must not
   *     move
   */
  private void apply(long index, ByteBuffer entry, @Nullable Closure done) {
    if (EntryCodec.isEpoch(entry)) {
      epoch++;
      if (done instanceof EpochTaken taken) {
        taken.epoch.complete(epoch);
      }
      return;
    }
    if (EntryCodec.isSwitch(entry)) {
      switchTo(EntryCodec.switchedTo(entry));
      if (done instanceof FormatSwitched switched) {
        switched.applied.complete(null);
      }
      return;
    }
    if (done instanceof Batch batch) {
      machine.applyAll(applied(batch.mutations()));
      batch.applied(index);
    } else {
      machine.applyAll(EntryCodec.decode(entry));
    }
    snapshots.applied(entry.remaining());
  }

  /**
   * What its writer applies of a batch. Numbers that are set aside bind only whoever reads that in
   * the log: where the format has no room for it, another leader will not go by it.
   */
  private List<Mutation> applied(List<Mutation> mutations) {
    return format.get() == JournalFormat.FIRST
        ? mutations.stream().filter(mutation -> !isSetAside(mutation)).toList()
        : mutations;
  }

  private static boolean isSetAside(Mutation mutation) {
    return mutation instanceof Mutation.DatabaseState state && state.missing() == 0;
  }

  /** A switch to a lower format is a repetition, by a leader that knew no better. */
  private void switchTo(int next) {
    if (next > format.get()) {
      format.set(next);
      LOG.info("the journal is written in format {} from here on", next);
    }
  }

  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    try {
      snapshots.save(
          new SnapshotFile.Header(format.get(), epoch), machine.snapshot(), writer, done);
    } catch (RuntimeException | Error e) {
      failStop.trip("could not take a snapshot", e);
      done.run(new Status(RaftError.EINTERNAL, "%s", e.toString()));
    }
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    try {
      SnapshotFile.Header header = snapshots.load(reader, machine);
      epoch = header.epoch();
      format.set(header.format());
      return true;
    } catch (JournalFormatException e) {
      failStop.trip(String.valueOf(e.getMessage()), e);
      return false;
    } catch (Exception | Error e) {
      failStop.trip("could not load a snapshot", e);
      return false;
    }
  }

  @Override
  public void onLeaderStart(long term) {
    guarded("could not take the office", () -> elections.elected(term));
  }

  @Override
  public void onLeaderStop(Status status) {
    guarded("could not leave the office", () -> elections.deposed(status.getErrorMsg()));
  }

  @Override
  public void onStartFollowing(LeaderChangeContext context) {
    guarded(
        "could not follow a leader",
        () -> elections.following(context.getLeaderId(), context.getTerm()));
  }

  @Override
  public void onStopFollowing(LeaderChangeContext context) {
    guarded("could not lose a leader", () -> elections.following(null, context.getTerm()));
  }

  /**
   * The members changed, in order with what is applied. Where a lone leader's time ends, whoever
   * replays its log drops what it may have made of it. The leader itself knows every version.
   */
  @Override
  public void onConfigurationCommitted(Configuration configuration) {
    guarded(
        "could not take a change of members",
        () -> {
          boolean wasAlone = alone;
          alone = configuration.size() <= 1;
          if (wasAlone && !alone && elections.reign() == null) {
            machine.dropClean();
          }
        });
  }

  private void guarded(String failure, Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error e) {
      failStop.trip(failure, e);
    }
  }

  @Override
  public void onError(RaftException e) {
    failStop.trip("the log failed: " + e.getStatus(), e);
  }

  @Override
  public void onShutdown() {}
}
