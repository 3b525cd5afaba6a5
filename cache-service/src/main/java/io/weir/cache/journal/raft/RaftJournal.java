package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.LogEnd;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import io.weir.cache.journal.ReplicatedJournal;
import io.weir.cache.journal.ReplicatedStateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the Raft group that keeps a shard's journal.
 *
 * <p>JRaft replicates the log and elects the leader; {@link GroupCommit} batches appends, {@link
 * LogStateMachine} applies them, {@link VoteGuard}, {@link CheckedLogStorage} and {@link
 * CheckedVotes} fence off what JRaft 1.3.15 gets wrong, and {@link RaftPort} and {@link RaftClient}
 * are its transport. This class joins them, makes JRaft's calls of the journal's, and has the
 * leader's lease confirmed several times in its length.
 *
 * <p><b>Concurrency.</b> All methods may be called by any thread; none waits for the disk or the
 * network but {@link #start} and {@link #close}.
 *
 * <p><b>Length.</b> More than 400 lines: what has parts of its own is in them, and what is left is
 * the one place that knows JRaft's node.
 */
public final class RaftJournal implements ReplicatedJournal {

  private static final Logger LOG = LoggerFactory.getLogger(RaftJournal.class);

  private static final int RENEWALS_PER_LEASE = 4;
  private static final byte[] NO_CONTEXT = {};

  static {
    JraftProperties.set();
  }

  private final RaftSettings settings;
  private final RaftDirectory directory;
  private final PeerId self;
  private final ReadLease lease;
  private final FailStop failStop;
  private final VoteGuard guard;
  private final GroupCommit commit;
  private final FormatInUse format = new FormatInUse();
  private final Elections elections;
  private final Configurations configurations;
  private final GroupChanges changes;
  private final LastEntry lastEntry;
  private final Snapshots snapshots;
  private final LogStateMachine machine;
  private final MemberStorage storage;
  private final Watchdog watchdog;
  private final Questions questions;
  private final ScheduledExecutorService events =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-raft-events").factory());

  private @Nullable RaftRequests requests;
  private @Nullable RaftPort port;
  private volatile @Nullable Node node;

  /** A member on the VM's own clock; {@link #start} starts it. */
  public RaftJournal(
      RaftSettings settings,
      RaftDirectory directory,
      ReplicatedStateMachine stateMachine,
      JournalListener listener) {
    this(settings, directory, stateMachine, listener, System::nanoTime);
  }

  RaftJournal(
      RaftSettings settings,
      RaftDirectory directory,
      ReplicatedStateMachine stateMachine,
      JournalListener listener,
      LongSupplier nanoClock) {
    Member member = directory.member();
    this.settings = settings;
    this.directory = directory;
    self = peer(member);
    lease = new ReadLease(settings.lease(), nanoClock);
    failStop = new FailStop(settings.group(), lease, listener);
    guard = new VoteGuard(self, settings.electionTimeout().toNanos(), lease, nanoClock);
    commit = new GroupCommit(settings, failStop, format, this::propose);
    elections =
        new Elections(
            settings.group(),
            member,
            commit,
            lease,
            listener,
            this::proposeEpoch,
            this::renewLeaseSoon,
            this::inAMoment,
            failStop);
    configurations = new Configurations(members -> membersChanged(members, listener));
    changes = new GroupChanges(this::started, configurations, lease);
    lastEntry = new LastEntry(directory.path(), InstantSource.system());
    snapshots =
        new Snapshots(
            settings.group(),
            configurations,
            settings.snapshotAfterBytes(),
            done -> started().snapshot(done),
            () -> ThreadLocalRandom.current().nextDouble());
    machine = new LogStateMachine(stateMachine, snapshots, elections, format, failStop);
    storage = new MemberStorage(failStop, guard, configurations, lastEntry, commit::stored);
    watchdog = new Watchdog(failStop, watched());
    questions = new Questions(settings.electionTimeout());
  }

  /** How a member whose log is empty begins. */
  public enum Beginning {
    /** Alone, as the leader of a new group. For the one founder of a generation only. */
    FOUND,
    /** As nobody, until a leader adds it. */
    WAIT
  }

  /**
   * Opens the port and the log; recovery goes on in the background, and ends with {@code leading}
   * or {@code following} of the listener. The beginning counts only while the log is empty.
   *
   * @throws UncheckedIOException when the port cannot be bound
   * @throws IllegalStateException when the log cannot be opened; the process should end then, since
   *     JRaft leaves some of its threads behind
   */
  public void start(Beginning beginning) {
    Handshake handshake = new Handshake(settings.group(), directory.member(), settings.secret());
    RaftRequests answering =
        new RaftRequests(settings.group(), directory.member(), guard, questions);
    requests = answering;
    try {
      port = new RaftPort(settings.listen(), settings.cipher(), handshake, answering);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
    NodeManager.getInstance().addAddress(self.getEndpoint());
    lastEntry.beforeOpening();
    try {
      Node created = RaftServiceFactory.createRaftNode(settings.group(), self.copy());
      node = created;
      RaftClient client =
          new RaftClient(
              settings.listen().getAddress(),
              settings.cipher(),
              handshake,
              guard,
              lease,
              settings.electionTimeout());
      questions.askThrough(client);
      if (!created.init(options(client, beginning))) {
        throw new IllegalStateException(
            "the journal in " + settings.directory() + " cannot be opened, see the lines before");
      }
      new LoneMember(directory, self, configurations).takePlace(created);
      answering.serve(created);
      port.start();
    } catch (RuntimeException | Error e) {
      // A node that has not come up cannot be stopped: it would wait for parts that do not run.
      node = null;
      close();
      throw e;
    }
    long period = settings.lease().toNanos() / RENEWALS_PER_LEASE;
    var _ = events.scheduleWithFixedDelay(this::renewLease, period, period, TimeUnit.NANOSECONDS);
    watchdog.start(settings.electionTimeout());
  }

  private List<Watchdog.Watched> watched() {
    List<Watchdog.Watched> all = new ArrayList<>(storage.watched());
    all.add(new Watchdog.Watched("an entry is applied without an end", machine::applying));
    all.add(
        new Watchdog.Watched(
            "the end of a batch of writes was lost",
            () -> commit.lost(machine.applied(), storage.logStep())));
    return all;
  }

  private MemberOptions options(RaftClient client, Beginning beginning) {
    MemberOptions options = new MemberOptions(settings, directory, client);
    options.setServiceFactory(storage);
    options.setFsm(machine);
    options.setInitialConf(
        beginning == Beginning.FOUND
            ? new Configuration(List.of(self.copy()))
            : new Configuration());
    return options;
  }

  @Override
  public Journal under(Reign reign) {
    return commit.under(reign);
  }

  @Override
  public CompletableFuture<Long> takeEpoch(Reign reign) {
    if (!reign.equals(elections.reign())) {
      return CompletableFuture.failedFuture(
          new JournalException.NotLeading("the reign of term " + reign.term() + " is over"));
    }
    LogStateMachine.EpochTaken taken = new LogStateMachine.EpochTaken();
    proposeEpoch(taken, reign.term());
    return taken.epoch();
  }

  @Override
  public CompletableFuture<@Nullable Void> switchFormat(Reign reign, int next) {
    if (!reign.equals(elections.reign())) {
      return CompletableFuture.failedFuture(
          new JournalException.NotLeading("the reign of term " + reign.term() + " is over"));
    }
    LogStateMachine.FormatSwitched switched = new LogStateMachine.FormatSwitched();
    propose(EntryCodec.switchTo(next), switched, reign.term());
    return switched.applied();
  }

  private void proposeEpoch(LogStateMachine.EpochTaken taken, long term) {
    propose(EntryCodec.epoch(), taken, term);
  }

  private void propose(ByteBuffer entry, Closure done, long term) {
    try {
      started().apply(new Task(entry, done, term));
    } catch (IllegalStateException e) {
      // The node is shutting down, and runs the closure itself.
      LOG.debug("not proposed: {}", e.getMessage());
    }
  }

  @Override
  public CompletableFuture<@Nullable Void> readIndex() {
    CompletableFuture<@Nullable Void> applied = new CompletableFuture<>();
    askReadIndex(status -> {
      if (status.isOk()) {
        applied.complete(null);
      } else {
        applied.completeExceptionally(new JournalException.Refused(status.getErrorMsg()));
      }
    });
    return applied;
  }

  private void askReadIndex(Consumer<Status> answer) {
    try {
      started()
          .readIndex(
              NO_CONTEXT,
              new ReadIndexClosure(settings.electionTimeoutMillis()) {
                @Override
                public void run(Status status, long index, byte[] context) {
                  answer.accept(status);
                }
              });
    } catch (IllegalStateException e) {
      answer.accept(new Status(-1, "%s", String.valueOf(e.getMessage())));
    }
  }

  private void membersChanged(Members members, JournalListener listener) {
    lease.reset();
    LOG.info("members: group={} {}", settings.group(), members);
    soon(() -> listener.membersChanged(members));
  }

  private void renewLeaseSoon() {
    soon(this::renewLease);
  }

  private void soon(Runnable event) {
    after(event, 0);
  }

  private void inAMoment(Runnable event) {
    after(event, settings.electionTimeoutMillis() / 10);
  }

  private void after(Runnable event, long millis) {
    try {
      var _ = events.schedule(event, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("too late, the member is stopping: group={}", settings.group());
    }
  }

  private void renewLease() {
    ReadLease.Request request = failStop.isTripped() ? null : lease.request();
    if (request != null) {
      askReadIndex(status -> {
        if (status.isOk()) {
          lease.confirmed(request);
        }
      });
    }
  }

  @Override
  public ReadLease lease() {
    return lease;
  }

  @Override
  public JournalStatus status() {
    Node running = node;
    boolean leads = elections.reign() != null;
    JournalStatus.Role role =
        failStop.isTripped()
            ? JournalStatus.Role.BROKEN
            : leads ? JournalStatus.Role.LEADER : JournalStatus.Role.FOLLOWER;
    return new JournalStatus(
        role,
        elections.term(),
        format.get(),
        elections.leader(),
        configurations.members(),
        running == null || !leads ? List.of() : alive(running),
        index(running, Node::getLastCommittedIndex),
        index(running, Node::getLastAppliedLogIndex),
        commit.queuedBytes(),
        snapshots.counts());
  }

  @Override
  public long appliedIndex() {
    return index(node, Node::getLastAppliedLogIndex);
  }

  @Override
  public Members members() {
    return configurations.members();
  }

  @Override
  public void answerWith(IntFunction<byte[]> answers) {
    questions.answerWith(answers);
  }

  @Override
  public CompletableFuture<byte[]> ask(Member member, int part) {
    return questions.ask(member, part);
  }

  @Override
  public void shorten() {
    snapshots.saveSoon();
  }

  @Override
  public LogEnd logEnd() {
    return new LogEnd(index(node, Node::getLastLogIndex), lastEntry.at());
  }

  /** 0 for a node that is not started, or not active any more. */
  private static long index(@Nullable Node running, ToLongFunction<Node> of) {
    try {
      return running == null ? 0 : of.applyAsLong(running);
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  private static List<Member> alive(Node running) {
    try {
      return Configurations.members(running.listAlivePeers());
    } catch (IllegalStateException e) {
      return List.of();
    }
  }

  @Override
  public CompletableFuture<@Nullable Void> addMember(Member member) {
    return changes.addMember(member);
  }

  @Override
  public CompletableFuture<@Nullable Void> addLearner(Member member) {
    return changes.addLearner(member);
  }

  @Override
  public CompletableFuture<@Nullable Void> removeMember(Member member) {
    return changes.removeMember(member);
  }

  @Override
  public CompletableFuture<@Nullable Void> transferLeadership(Member successor) {
    return changes.transferLeadership(successor);
  }

  @Override
  public void close() {
    lease.bar();
    if (requests != null) {
      requests.stop();
    }
    Node running = node;
    if (running != null) {
      try {
        running.shutdown();
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.warn("the node did not stop in order: group={}", settings.group(), e);
      }
    }
    watchdog.close(); // It ends the process where the node waits for a disk that hangs.
    if (requests != null) {
      requests.close();
    }
    if (port != null) {
      port.close();
    }
    NodeManager.getInstance().removeAddress(self.getEndpoint());
    commit.close();
    snapshots.close();
    events.shutdownNow();
  }

  private Node started() {
    Node running = node;
    if (running == null) {
      throw new IllegalStateException("the journal is not started");
    }
    return running;
  }

  static PeerId peer(Member member) {
    return new PeerId(member.host(), member.port(), member.incarnation());
  }
}
