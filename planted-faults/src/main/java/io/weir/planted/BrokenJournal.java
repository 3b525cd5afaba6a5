package io.weir.planted;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.LogEnd;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import io.weir.cache.journal.ReplicatedJournal;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A journal that answers too early, or forgets too much. */
final class BrokenJournal implements ReplicatedJournal {

  private final ReplicatedJournal journal;
  private final PlantedFaults.Bug bug;
  private final Map<Key, Version> newest = new ConcurrentHashMap<>();

  BrokenJournal(ReplicatedJournal journal, PlantedFaults.Bug bug) {
    this.journal = journal;
    this.bug = bug;
  }

  @Override
  public Journal under(Reign reign) {
    Journal sound = journal.under(reign);
    return new Journal() {
      @Override
      public void append(List<Mutation> mutations, AppendListener done) {
        if (bug == PlantedFaults.Bug.ACKNOWLEDGE_BEFORE_APPEND) {
          var _ = sound.append(mutations);
          done.applied();
          done.afterwards().run();
        } else {
          sound.append(mutations.stream().map(BrokenJournal.this::clearNewer).toList(), done);
        }
      }

      @Override
      public void close() {
        sound.close();
      }
    };
  }

  private Mutation clearNewer(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Written written -> {
        newest.put(written.write().key(), written.write().version());
        yield written;
      }
      case Mutation.Flushed flushed ->
          new Mutation.Flushed(
              flushed.key(), newest.getOrDefault(flushed.key(), flushed.version()));
      case Mutation.Discarded _,
          Mutation.FlushAcknowledged _,
          Mutation.DatabaseState _,
          Mutation.DatabaseAccepted _ ->
          mutation;
    };
  }

  @Override
  public CompletableFuture<Long> takeEpoch(Reign reign) {
    return journal.takeEpoch(reign);
  }

  @Override
  public CompletableFuture<@Nullable Void> switchFormat(Reign reign, int format) {
    return journal.switchFormat(reign, format);
  }

  @Override
  public CompletableFuture<@Nullable Void> readIndex() {
    return journal.readIndex();
  }

  @Override
  public ReadLease lease() {
    return journal.lease();
  }

  @Override
  public JournalStatus status() {
    return journal.status();
  }

  @Override
  public LogEnd logEnd() {
    return journal.logEnd();
  }

  @Override
  public CompletableFuture<@Nullable Void> addMember(Member member) {
    return journal.addMember(member);
  }

  @Override
  public CompletableFuture<@Nullable Void> addLearner(Member member) {
    return journal.addLearner(member);
  }

  @Override
  public CompletableFuture<@Nullable Void> removeMember(Member member) {
    return journal.removeMember(member);
  }

  @Override
  public CompletableFuture<@Nullable Void> transferLeadership(Member successor) {
    return journal.transferLeadership(successor);
  }

  @Override
  public void answerWith(IntFunction<byte[]> answers) {
    journal.answerWith(answers);
  }

  @Override
  public CompletableFuture<byte[]> ask(Member member, int part) {
    return journal.ask(member, part);
  }

  @Override
  public void close() {
    journal.close();
  }
}
