package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;

/**
 * JRaft's options of one member, those that a setting or this journal decides; where the member
 * begins and what it is made of is left to {@link RaftJournal}. They lead JRaft's one RPC factory
 * to the member that a client is for.
 */
final class MemberOptions extends NodeOptions {

  private static final int RING_SIZE = 1_024;
  private static final int MAX_RANDOM_ELECTION_DELAY_MILLIS = 500;
  private static final int CONNECT_MILLIS = 500;
  private static final int RPC_THREADS = 6;
  private static final int TIMER_THREADS = 2;
  private static final int SNAPSHOT_INTERVAL_SECONDS = 300;
  private static final int MAX_REPLICATION_IN_FLIGHT = 64;

  /** Of a snapshot, a round trip: JRaft's own 128 KiB take half an hour for 4 GiB over 50 ms. */
  private static final int SNAPSHOT_PIECE_BYTES = 1 << 20;

  private final RaftClient client;

  MemberOptions(RaftSettings settings, RaftDirectory directory, RaftClient client) {
    this.client = client;
    setRaftOptions(raftOptions(settings));
    setElectionTimeoutMs(settings.electionTimeoutMillis());
    setSnapshotIntervalSecs(SNAPSHOT_INTERVAL_SECONDS);
    setLogUri(directory.log());
    setRaftMetaUri(directory.votes());
    setSnapshotUri(directory.snapshot());
    setDisableCli(true);
    setTimerPoolSize(TIMER_THREADS);
    setRpcConnectTimeoutMs(CONNECT_MILLIS);
    setRpcProcessorThreadPoolSize(RPC_THREADS);
  }

  private static RaftOptions raftOptions(RaftSettings settings) {
    RaftOptions raft = new RaftOptions();
    raft.setSync(true);
    raft.setSyncMeta(true);
    // Entries have checksums of the hardware's on disk, and frames on the way.
    raft.setEnableLogEntryChecksum(false);
    raft.setOpenStatistics(false);
    raft.setDisruptorBufferSize(RING_SIZE);
    raft.setMaxElectionDelayMs(
        Math.min(MAX_RANDOM_ELECTION_DELAY_MILLIS, settings.electionTimeoutMillis()));
    raft.setMaxReplicatorInflightMsgs(MAX_REPLICATION_IN_FLIGHT);
    raft.setMaxByteCountPerRpc(SNAPSHOT_PIECE_BYTES);
    return raft;
  }

  RaftClient client() {
    return client;
  }
}
