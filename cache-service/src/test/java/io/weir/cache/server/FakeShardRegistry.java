package io.weir.cache.server;

import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.OutdatedJournalException;
import io.weir.cache.store.RecordedReign;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.UnusableDatabaseException;
import io.weir.model.ClusterId;
import io.weir.model.DatabaseServer;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The shard's row, in memory. */
final class FakeShardRegistry implements ShardRegistry {

  private ShardRow row =
      new ShardRow(
          ShardId.random(),
          null,
          null,
          List.of(),
          0,
          0,
          null,
          List.of(),
          null,
          0,
          RecordedReign.NONE);

  /** What the database holds; null before there is one. */
  volatile @Nullable ShardProof proof;

  volatile boolean down;

  /** Whether it answers reads and refuses every change. */
  volatile boolean readOnly;

  /** What the rows have for versions; null for no rows. */
  volatile @Nullable RowVersions versions;

  volatile boolean secretForgotten;

  private int groupSize;

  /** The database server that answers; null for one that has no name. */
  volatile @Nullable DatabaseServer server;

  /** Why it cannot be used although it answers. */
  volatile @Nullable UnusableDatabaseException unusable;

  /** Before a reign is recorded. */
  volatile Runnable beforeRecord = () -> {};

  /** Whether it says nothing to a leader that asks for its reign. */
  volatile boolean silentToReigns;

  /** Holds a look at the database server back until it is counted down. */
  volatile CountDownLatch stallLooks = new CountDownLatch(0);

  @Override
  public void prepare() {
    check();
    UnusableDatabaseException refusal = unusable;
    if (refusal != null) {
      throw refusal;
    }
  }

  @Override
  public synchronized ShardRow readOrCreate() {
    check();
    return row;
  }

  @Override
  public synchronized Optional<ShardRow> read() {
    checkReigns();
    return Optional.of(row);
  }

  @Override
  public synchronized ShardProof proof(ShardProof ifNone) {
    readOrCreate();
    ShardProof known = proof;
    if (known == null) {
      known = ifNone;
      proof = known;
    }
    return known;
  }

  @Override
  public Optional<DatabaseServer> server() {
    check();
    try {
      stallLooks.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(server);
  }

  @Override
  public synchronized void assign(ClusterId cluster, int shards, List<SlotRange> ranges) {
    check();
    if (row.cluster() != null && !cluster.equals(row.cluster())) {
      throw new ForeignShardException("the database belongs to cluster " + row.cluster());
    }
    if (row.cluster() != null) {
      return;
    }
    checkWritable();
    row =
        new ShardRow(
            row.id(),
            cluster,
            shards,
            ranges,
            row.generation(),
            row.term(),
            row.leader(),
            row.members(),
            row.secret(),
            row.foundingTerm(),
            row.reign());
  }

  @Override
  public synchronized boolean found(
      long expected, long generation, NodeId founder, String member, String secret) {
    checkWritable();
    if (row.generation() != expected) {
      return false;
    }
    row =
        new ShardRow(
            row.id(),
            row.cluster(),
            row.shards(),
            row.ranges(),
            generation,
            row.term(),
            founder,
            List.of(member),
            secret,
            row.term(),
            new RecordedReign(generation, 0, 0, "", true));
    return true;
  }

  @Override
  public Optional<RowVersions> rowVersions(long most) {
    check();
    return Optional.ofNullable(versions);
  }

  @Override
  public synchronized void recordMembers(Claim claim, List<String> members) {
    pass(claim);
    set(claim, members, row.reign());
  }

  @Override
  public synchronized int groupSize() {
    check();
    return groupSize;
  }

  @Override
  public synchronized void recordGroupSize(Claim claim, int members) {
    pass(claim);
    groupSize = members;
  }

  @Override
  public synchronized void recordReign(Claim claim, long epoch, String holder) {
    checkReigns();
    beforeRecord.run();
    pass(claim);
    RecordedReign known = row.reign();
    if (known.generation() == claim.generation()
        && known.epoch() >= epoch
        && !known.holder().equals(holder)) {
      throw new OutdatedJournalException("a reign of epoch " + known.epoch() + " is recorded");
    }
    set(
        claim,
        row.members(),
        new RecordedReign(claim.generation(), epoch, claim.term(), holder, true));
  }

  @Override
  public synchronized void recordClean(Claim claim, String holder) {
    pass(claim);
    RecordedReign known = row.reign();
    if (known.holder().equals(holder)) {
      set(
          claim,
          row.members(),
          new RecordedReign(known.generation(), known.epoch(), known.term(), holder, false));
    }
  }

  @Override
  public synchronized void forgetOldSecret(Claim claim) {
    pass(claim);
    secretForgotten = true;
  }

  /** As a server of an earlier release leads. */
  synchronized void leadUnrecorded(Claim claim) {
    pass(claim);
    set(claim, row.members(), row.reign());
  }

  /** As a dump that leaves the secret out is restored. */
  synchronized void loseSecret() {
    row =
        new ShardRow(
            row.id(),
            row.cluster(),
            row.shards(),
            row.ranges(),
            row.generation(),
            row.term(),
            row.leader(),
            row.members(),
            null,
            row.foundingTerm(),
            row.reign());
  }

  /** As another database at the same URL. */
  synchronized void becomeAnother() {
    row =
        new ShardRow(
            ShardId.random(),
            row.cluster(),
            row.shards(),
            row.ranges(),
            row.generation(),
            row.term(),
            row.leader(),
            row.members(),
            row.secret(),
            row.foundingTerm(),
            row.reign());
  }

  private void set(Claim claim, List<String> members, RecordedReign reign) {
    row =
        new ShardRow(
            row.id(),
            row.cluster(),
            row.shards(),
            row.ranges(),
            row.generation(),
            claim.term(),
            claim.node(),
            members,
            row.secret(),
            row.foundingTerm(),
            reign);
  }

  private void pass(Claim claim) {
    checkWritable();
    if (row.generation() != claim.generation() || row.term() > claim.term()) {
      throw new FencedException("it is led by " + row.leader());
    }
  }

  private void checkWritable() {
    check();
    if (readOnly) {
      throw FakeBackingStore.unavailable();
    }
  }

  private void checkReigns() {
    check();
    if (silentToReigns) {
      throw FakeBackingStore.unavailable();
    }
  }

  private void check() {
    if (down) {
      throw FakeBackingStore.unavailable();
    }
  }
}
