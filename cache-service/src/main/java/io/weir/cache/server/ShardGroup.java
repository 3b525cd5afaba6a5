package io.weir.cache.server;

import io.micrometer.core.instrument.Timer;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.VersionSequence;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.journal.Reign;
import io.weir.cache.journal.ReplicatedJournal;
import io.weir.cache.kv.Claim;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreException;
import io.weir.model.NodeRole;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's part in its shard's group: what it does as the journal makes it leader or replica.
 *
 * <p><b>Ordering.</b> The engine changes its role in the journal's applying thread, in order with
 * what is applied. What works on the database follows in a thread of its own, one reign after the
 * other: the write-back of a reign begins only when the one before it has ended, flush in progress
 * included, since a failed transfer of the leadership gives a new reign of the same term, which the
 * fence cannot tell from the old one.
 *
 * <p>What the database says of a reign is asked at once and again until it answers; meanwhile the
 * leader serves what it holds and takes writes, but for a lone member's first ones since its start:
 * nobody but the database can tell it that its journal is an old one.
 *
 * <p><b>Concurrency.</b> The journal's threads call the listener's methods, others the rest. Every
 * change of role is made under one monitor, so that nothing leads after a stop.
 *
 * <p><b>Failure.</b> A journal that can no longer keep its promise ends the process at once.
 */
final class ShardGroup implements JournalListener {

  private static final Logger LOG = LoggerFactory.getLogger(ShardGroup.class);

  private static final int BROKEN = 3;

  private static final String UNCONFIRMED =
      "the database has not confirmed yet that this server, alone in its group, has the newest"
          + " journal of its shard";

  private final ThisServer self;
  private final Founding.Place place;
  private final TopologyView topology;
  private final CacheEngine engine;
  private final LeaderTasks.Parts parts;
  private final ScheduledExecutorService expiry;
  private final Hooks hooks;
  private final Timer appends;
  private final ReplicatedJournal journal;
  private final Runnable start;
  private final ReadGuard guard;
  private final ExecutorService reigns =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("weir-reign").daemon().factory());

  /** Held for every change of role, so that nothing leads after a stop. */
  private final Object step = new Object();

  private boolean stopping;
  private boolean growing;

  /** Whether its writes wait for the database's word. */
  private boolean isUnconfirmed;

  /** Why it is to refuse writes; empty when it is not. */
  private String refusal = "";

  /** Whether it has led since this process began, so that it knows more than its log. */
  private boolean hasLed;

  private volatile @Nullable Reign reign;
  private volatile @Nullable ReignCheck reignCheck;
  private volatile @Nullable LeaderTasks leaderTasks;
  private volatile @Nullable Member leader;
  private volatile long term;
  private volatile Map<Member, URI> urls = Map.of();

  /**
   * What it is made of.
   *
   * @param confirmWait how long the group may take to confirm a read
   * @param readsByLease whether the leader's lease vouches for reads, or the group is asked each
   *     time
   * @param forgetAfter how long a member is gone before the leader removes it
   * @param members how many the group is to have; null for as many as it has had
   * @param appends the meter of the journal
   */
  record Parts(
      JournalFactory journals,
      Duration confirmWait,
      boolean readsByLease,
      Duration forgetAfter,
      @Nullable Integer members,
      Timer appends) {}

  /**
   * Whom it tells.
   *
   * @param roleChanged after every change of role, without waiting
   * @param fenced when the database says that another leader has taken over
   * @param unusable when this server's journal is not the newest of its generation, or of another
   *     shard than its database; with a sentence
   * @param halt ends the process at once with a status
   */
  record Hooks(
      Runnable roleChanged,
      Consumer<FencedException> fenced,
      Consumer<String> unusable,
      IntConsumer halt) {}

  ShardGroup(
      ThisServer self,
      Founding.Place place,
      TopologyView topology,
      LeaderTasks.Parts parts,
      Parts groups,
      ScheduledExecutorService expiry,
      Hooks hooks) {
    this.self = self;
    this.place = place;
    this.topology = topology;
    this.engine = parts.engine();
    this.parts = parts;
    this.expiry = expiry;
    this.appends = groups.appends();
    this.hooks = hooks;
    JournalFactory.Unstarted made = groups.journals().make(place, engine, this);
    this.journal = made.journal();
    this.start = made.start();
    this.guard = new JournalReadGuard(journal, groups.readsByLease(), groups.confirmWait());
  }

  /** Opens the journal; it recovers in the background. */
  void start() {
    start.run();
  }

  ReplicatedJournal journal() {
    return journal;
  }

  Member member() {
    return place.directory().member();
  }

  /** Whether that is who this member was before it moved, as a master may still list it. */
  boolean wasOnce(Member other) {
    return place.directory().wasOnce(other);
  }

  /** The shard's row, as it was when this server took its place. */
  ShardRow row() {
    return place.row();
  }

  long generation() {
    return place.row().generation();
  }

  /** The write-back and what it is bound to; null while this server does not lead. */
  @Nullable LeaderTasks leaderTasks() {
    return leaderTasks;
  }

  /** Who leads, as far as this member knows. */
  @Nullable Member leader() {
    return leader;
  }

  /** The claim under which this server changes the database; null while it does not lead. */
  @Nullable Claim claim() {
    Reign now = reign;
    return now == null ? null : claim(now);
  }

  /** The term of the shard as this server knows it, counted over all generations. */
  long term() {
    return place.row().foundingTerm() + term;
  }

  /** Whether that is a term of this generation; before it has one it is the last one's. */
  boolean isTermKnown() {
    return term > 0;
  }

  private Claim claim(Reign of) {
    return new Claim(generation(), place.row().foundingTerm() + of.term(), self.node());
  }

  /** Takes how many servers wait outside the group, which has the size that it is to have. */
  void waiting(int servers) {
    self.waiting(servers);
  }

  /** Takes where the members answer clients. */
  void learnUrls(Map<Member, URI> known) {
    urls = Map.copyOf(known);
    topology.ledBy(url(leader), term());
  }

  private @Nullable URI url(@Nullable Member member) {
    return member == null ? null : urls.get(member);
  }

  @Override
  public void leading(Reign begun) {
    Claim claim = claim(begun);
    Journal appending = new TimedJournal(journal.under(begun), appends);
    ReignConfirmation confirmation =
        new ReignConfirmation(member(), claim, guard, parts.registry(), expiry, new Asking(begun));
    ReignCheck check =
        new ReignCheck(parts.registry(), place.row().id(), claim, begun.epoch(), confirmation);
    VersionSequence versions =
        new VersionSequence(claim.generation(), begun.epoch(), () -> nextEpoch(begun, check));
    synchronized (step) {
      if (stopping) {
        return;
      }
      reign = begun;
      reignCheck = check;
      parts.gate().put(check);
      term = begun.term();
      leader = member();
      refusal = "";
      isUnconfirmed = !hasLed && isAlone();
      hasLed = true;
      allowMemoryWhereAlone();
      if (isUnconfirmed) {
        engine.leadWithoutWrites(appending, versions, guard, UNCONFIRMED);
      } else {
        engine.lead(appending, versions, guard);
      }
      self.become(NodeRole.LEADER, claim.generation(), claim.term());
      topology.ledBy(self.url(), claim.term());
    }
    LOG.info(
        "leading: node={} shard={} slots={} generation={} term={} epoch={} dirty={}",
        self.node(),
        place.row().id(),
        place.row().ranges(),
        claim.generation(),
        claim.term(),
        begun.epoch(),
        engine.statistics().dirty().entries());
    later(() -> begin(begun, claim, appending, versions));
    confirmation.begin(check);
    hooks.roleChanged().run();
  }

  private CompletableFuture<Long> nextEpoch(Reign of, ReignCheck check) {
    return journal
        .takeEpoch(of)
        .thenApply(epoch -> {
          check.goOn(epoch);
          return epoch;
        });
  }

  /** This server, as the database's word on a reign meets it. */
  private final class Asking implements ReignConfirmation.Leader {

    private final Reign of;

    private Asking(Reign of) {
      this.of = of;
    }

    @Override
    public boolean isReigning() {
      return of.equals(reign);
    }

    @Override
    public List<Member> others() {
      Member self = member();
      return journal.status().members().voters().stream()
          .filter(member -> !member.equals(self))
          .toList();
    }

    @Override
    public void mayWrite() {
      synchronized (step) {
        if (isUnconfirmed && isReigning()) {
          isUnconfirmed = false;
          permitWrites();
        }
      }
    }

    @Override
    public void fenced(FencedException refusal) {
      ShardGroup.this.fenced(of, refusal);
    }

    @Override
    public void unusable(String sentence) {
      hooks.unusable().accept(sentence);
    }
  }

  /** Under the monitor. */
  private void permitWrites() {
    if (reign == null || stopping) {
      return;
    }
    if (!refusal.isEmpty()) {
      engine.refuseWrites(refusal);
    } else if (isUnconfirmed) {
      engine.refuseWrites(UNCONFIRMED);
    } else {
      engine.acceptWrites();
    }
  }

  /** Whether the database has this server's reign on record. */
  boolean isRecorded() {
    ReignCheck check = reignCheck;
    return reign != null && check != null && check.isRecorded();
  }

  /**
   * Tells the database that the journal holds nothing but what is flushed, if nobody else keeps it.
   * Writes are refused and have ended.
   */
  void recordClean() {
    ReignCheck check = reignCheck;
    if (check == null || reign == null || !isAlone()) {
      return;
    }
    try {
      check.recordClean();
    } catch (StoreException e) {
      LOG.warn("the database was not told that the journal holds nothing more: {}", e.getMessage());
    }
  }

  private void allowMemoryWhereAlone() {
    engine.allowMemory(!growing && isAlone());
  }

  private boolean isAlone() {
    return journal.status().members().voters().size() <= 1;
  }

  /** Lets no write stay in memory alone while a member is being added, and as long as it is one. */
  void growing(boolean now) {
    synchronized (step) {
      growing = now;
      allowMemoryWhereAlone();
    }
  }

  /** Switches the group to a higher format of the journal, as its leader. */
  CompletableFuture<@Nullable Void> switchFormat(int format) {
    Reign now = reign;
    return now == null
        ? CompletableFuture.failedFuture(
            new JournalException.NotLeading("this server does not lead"))
        : journal.switchFormat(now, format).whenComplete((done, failure) -> restateProgress());
  }

  /** What the log had no room for, only this leader knows. */
  private void restateProgress() {
    LeaderTasks tasks = leaderTasks;
    if (tasks != null) {
      var _ = tasks.writeBack().restateProgress();
    }
  }

  /** In the thread of the reigns. */
  private void begin(Reign begun, Claim claim, Journal appending, VersionSequence versions) {
    end();
    if (!begun.equals(reign)) {
      return;
    }
    LeaderTasks tasks =
        new LeaderTasks(
            parts,
            claim,
            appending,
            versions,
            new LeaderGuard(guard, () -> begun.equals(reign)),
            expiry,
            refusal -> fenced(begun, refusal));
    leaderTasks = tasks;
    if (!begun.equals(reign)) {
      tasks.stop(); // Its end is in the queue.
    }
  }

  /**
   * A transaction of a reign did not pass the fence: another leader is at work. The journal may not
   * have told yet, as after a long pause; then nothing is served until it does. Or it has, and this
   * server follows already.
   */
  private void fenced(Reign of, FencedException refusal) {
    synchronized (step) {
      if (of.equals(reign)) {
        engine.stepDown("another server has taken the shard over");
      }
    }
    hooks.fenced().accept(refusal);
  }

  /** In the thread of the reigns. */
  private void end() {
    LeaderTasks old = leaderTasks;
    if (old != null) {
      old.close();
      leaderTasks = null;
    }
  }

  @Override
  public void stopped(Reign ended, String reason) {
    LeaderTasks old = leaderTasks;
    if (old != null) {
      old.stop();
    }
    synchronized (step) {
      reign = null;
      reignCheck = null;
      parts.gate().put(null);
      leader = null;
      if (!stopping) {
        follow();
      }
    }
    LOG.warn(
        "not leading any more: node={} shard={} generation={} term={}: {}",
        self.node(),
        place.row().id(),
        generation(),
        term(),
        reason);
    later(this::end);
    hooks.roleChanged().run();
  }

  /** In the thread of the reigns; when that has ended, so has the write-back. */
  private void later(Runnable transition) {
    try {
      reigns.execute(transition);
    } catch (RejectedExecutionException e) {
      LOG.debug("stopping: no further reign");
    }
  }

  @Override
  public void following(@Nullable Member newLeader, long newTerm) {
    synchronized (step) {
      if (stopping || reign != null) {
        return;
      }
      term = Math.max(term, newTerm);
      leader = newLeader;
      follow();
    }
    LOG.info(
        "following: node={} shard={} generation={} term={} leader={}",
        self.node(),
        place.row().id(),
        generation(),
        term(),
        newLeader == null ? "none" : newLeader);
    hooks.roleChanged().run();
  }

  private void follow() {
    engine.follow(guard);
    self.become(NodeRole.REPLICA, generation(), term());
    topology.ledBy(url(leader), term());
  }

  @Override
  public void membersChanged(Members members) {
    synchronized (step) {
      allowMemoryWhereAlone();
    }
  }

  @Override
  public void broken(String what, @Nullable Throwable cause) {
    LastWords.say(
        () -> sayBroken(what, cause), LastWords.PATIENCE, () -> hooks.halt().accept(BROKEN));
  }

  private void sayBroken(String what, @Nullable Throwable cause) {
    if (cause instanceof JournalFormatException) {
      LOG.error("the process ends: node={} shard={}: {}", self.node(), place.row().id(), what);
    } else {
      LOG.error(
          "the journal of this server has failed; the process ends: node={} shard={}: {}. What it"
              + " has acknowledged is in the journal: free or mend the disk, then start it again",
          self.node(),
          place.row().id(),
          what,
          cause);
    }
  }

  /**
   * Hands the leadership to another member that answers, and waits until this server leads no more.
   *
   * @return false when there is none, or it did not take over in time; then this server leads on
   */
  boolean handOver(Duration timeout) {
    List<Member> successors = successors();
    Reign before = reign;
    if (before == null || successors.isEmpty()) {
      return false;
    }
    refuseWrites("the leadership is being handed over");
    try {
      return new HandOver(journal, engine, self)
          .to(successors, this::isLedByAnother, () -> leadsAgainAfter(before), timeout);
    } finally {
      synchronized (step) {
        if (before.equals(reign)) {
          acceptWrites();
        }
      }
    }
  }

  /** A transfer that came to nothing. */
  private boolean leadsAgainAfter(Reign before) {
    Reign now = reign;
    return now != null && !now.equals(before);
  }

  /** Whether some other member, which answers this leader, could take over. */
  boolean hasSuccessor() {
    return !successors().isEmpty();
  }

  private List<Member> successors() {
    return journal.status().alive().stream().filter(member -> !member.equals(member())).toList();
  }

  /** Goes on reading as the leader, and refuses writes; until {@link #acceptWrites} or the end. */
  void refuseWrites(String why) {
    synchronized (step) {
      refusal = why;
      permitWrites();
    }
  }

  /** Takes writes again, as a leader that is not stopping. */
  void acceptWrites() {
    synchronized (step) {
      refusal = "";
      permitWrites();
    }
  }

  private boolean isLedByAnother() {
    Member now = leader;
    return reign == null && now != null && !now.equals(member());
  }

  /** Takes no role from here on. */
  void stopTakingRoles() {
    synchronized (step) {
      stopping = true;
    }
  }

  /** Ends the write-back, then the journal. */
  void close() {
    stopTakingRoles();
    later(this::end);
    reigns.shutdown();
    try {
      boolean _ = reigns.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    journal.close();
  }
}
