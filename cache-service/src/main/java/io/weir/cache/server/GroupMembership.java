package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.StoreException;
import io.weir.model.GroupMember;
import io.weir.model.JournalFormats;
import io.weir.model.NodeState;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does about its group's members: it adds servers that the master lists for its
 * shard, up to the {@link GroupSize} that is wished for, puts a server that lost its disk in the
 * place of the one it was, removes who is gone for long or too many, and switches the group to the
 * highest format of the journal that all of them read. It never removes itself.
 *
 * <p><b>Ordering.</b> The database is told of a member before the group is, and of its leaving
 * afterwards: so it names at least everyone whose vote may count, and a server that it names alone
 * is alone. Writes that no journal holds come into it before there is a second member, and none
 * stays out of it until it is known how that change has ended. One change at a time.
 *
 * <p><b>Failure.</b> A change that fails, or that JRaft finds to be none, ends like any other; its
 * member's turn comes again after a pause that grows.
 *
 * <p><b>Concurrency.</b> {@link #reconcile} is called by one thread; a change goes on in the
 * journal's, and ends there.
 *
 * <p><b>Length.</b> More than 400 lines, since one change at a time is decided on all of what is
 * known of the last one.
 */
final class GroupMembership {

  private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

  private final ShardGroup group;
  private final CacheEngine engine;
  private final ShardRegistry registry;
  private final Duration forgetAfter;
  private final GroupSize size;
  private final Absences absences;
  private final Retries retries = new Retries();
  private final LongSupplier nanos;
  private final AtomicBoolean changing = new AtomicBoolean();

  /** The members of which the log has said that they cannot read the group's journal. */
  private final Set<Member> told = new HashSet<>();

  private List<String> recorded = List.of();

  /** Those of which the log has said that they wait outside, or come with this leader's address. */
  private List<Member> waiting = List.of();

  private final Set<Member> impostors = new HashSet<>();

  /** Who is being added, or was; null once it is known whether this server is alone. */
  private volatile @Nullable Member added;

  private volatile boolean isAdded;

  private @Nullable Claim secretForgottenUnder;

  /** Why no change can be made at present; empty when one can. */
  private String heldUp = "";

  /**
   * @param forgetAfter how long a member is gone before it is removed
   * @param size how many members are wished for
   * @param nanos a monotonic clock
   */
  GroupMembership(
      ShardGroup group,
      CacheEngine engine,
      ShardRegistry registry,
      Duration forgetAfter,
      GroupSize size,
      LongSupplier nanos) {
    this.group = group;
    this.engine = engine;
    this.registry = registry;
    this.forgetAfter = forgetAfter;
    this.size = size;
    this.absences = new Absences(forgetAfter);
    this.nanos = nanos;
  }

  /**
   * Takes the master's list of the shard's servers, and begins the next change that it calls for,
   * once the database has this reign on record.
   */
  void reconcile(List<GroupMember> listed) {
    Map<Member, URI> urls = new HashMap<>();
    Map<Member, Integer> reads = new HashMap<>();
    List<Member> up = new ArrayList<>();
    for (GroupMember one : listed) {
      Member member = parse(one);
      if (member != null) {
        urls.put(member, one.url());
        reads.put(member, JournalFormats.orFirst(one.journalFormats()).reads());
        if (one.state() == NodeState.UP) {
          up.add(member);
        }
      }
    }
    group.learnUrls(urls);
    Claim claim = group.claim();
    if (claim == null || !group.isRecorded() || changing.get()) {
      return;
    }
    try {
      change(claim, up, reads);
      heldUp = "";
    } catch (FencedException e) {
      LOG.debug("no longer the leader: {}", e.getMessage());
    } catch (StoreException e) {
      heldUp(String.valueOf(e.getMessage()));
    }
  }

  /** A line when it begins, and none for each further try. */
  private void heldUp(String why) {
    if (!why.equals(heldUp)) {
      LOG.info("the members of the group stay as they are for now: {}", why);
    }
    heldUp = why;
  }

  private static @Nullable Member parse(GroupMember one) {
    String journal = one.journal();
    if (journal == null) {
      return null;
    }
    try {
      return Member.parse(journal);
    } catch (IllegalArgumentException e) {
      LOG.warn("the master lists {} with a journal at '{}'", one.nodeId(), journal);
      return null;
    }
  }

  /**
   * @param reads the highest format that each listed member reads
   */
  private void change(Claim claim, List<Member> up, Map<Member, Integer> reads) {
    JournalStatus status = group.journal().status();
    List<Member> voters = status.members().voters();
    if (!voters.contains(group.member())) {
      return; // The log has not said yet who is in it.
    }
    settleWhoIsAlone(voters);
    absences.look(claim, voters, status.alive(), nanos.getAsLong());
    int wished = size.wished(claim, voters.size());
    record(claim, voters, wished);
    tellOfTheUnreadable(reads, status.format());
    List<Member> candidates =
        up.stream()
            .filter(one -> !voters.contains(one) && !group.wasOnce(one) && !isImpostor(one))
            .filter(one -> reads.getOrDefault(one, 0) >= status.format())
            .toList();
    if (letIn(claim, voters, candidates, wished)
        || forget(voters, status.alive())
        || shrink(voters, status.alive(), up, wished)) {
      return;
    }
    int common = common(status.members(), reads);
    if (common > status.format()) {
      switchTo(common);
    } else if (status.format() > JournalFormat.FIRST && !claim.equals(secretForgottenUnder)) {
      // No member reads it there any more; the row goes into the binary log with each flush.
      registry.forgetOldSecret(claim);
      secretForgottenUnder = claim;
    }
  }

  /**
   * What an add has left open: while it is under way, and after one that has failed in a way that
   * ended this reign too, the members may be two where the log on disk still says one.
   */
  private void settleWhoIsAlone(List<Member> voters) {
    Member last = added;
    if (last != null && (!isAdded || voters.contains(last) || voters.size() > 1)) {
      added = null;
      group.growing(false);
    }
  }

  /** Whether it advertises this leader's own address; a line the first time. */
  private boolean isImpostor(Member candidate) {
    boolean is = candidate.isSameServerAs(group.member());
    if (is && impostors.add(candidate)) {
      LOG.error(
          "a server registers with the journal {}, at the address of this leader's own, {}: it is"
              + " not added; give each server an address of its own by weir.advertise.url and"
              + " weir.raft.port",
          candidate,
          group.member());
    }
    return is;
  }

  /** Begins to let a candidate in, or to make its place free. Returns false when there is none. */
  private boolean letIn(Claim claim, List<Member> voters, List<Member> candidates, int wished) {
    List<Member> outside = new ArrayList<>();
    for (Member candidate : candidates) {
      Member former = voters.stream().filter(candidate::isSameServerAs).findFirst().orElse(null);
      if (former == null && voters.size() >= wished) {
        outside.add(candidate);
      } else if (former != null && isItsTurn(former)) {
        LOG.warn(
            "{} is replaced: its server comes with another directory, as {}", former, candidate);
        remove(former);
        return true;
      } else if (former == null && isItsTurn(candidate)) {
        add(claim, voters, candidate, wished);
        return true;
      }
    }
    tellWhoWaits(outside, wished);
    return false;
  }

  private boolean isItsTurn(Member member) {
    return !retries.isTooSoon(member, nanos.getAsLong());
  }

  private void tellWhoWaits(List<Member> outside, int wished) {
    List<Member> sorted = outside.stream().sorted(Comparator.comparing(Member::toString)).toList();
    if (!sorted.equals(waiting) && !sorted.isEmpty()) {
      LOG.warn(
          "{} wait to be added: the group has the {} members that it is to have; set"
              + " weir.raft.members on its servers, {} at most, to let more in",
          sorted,
          wished,
          GroupSize.MOST_MEMBERS);
    }
    waiting = sorted;
    group.waiting(sorted.size());
  }

  private boolean forget(List<Member> voters, List<Member> alive) {
    for (Member voter : voters) {
      if (absences.isLong(voter)
          && !voter.equals(group.member())
          && isMajority(alive, voters)
          && isItsTurn(voter)) {
        LOG.warn("{} has been gone for {} s, removing it", voter, forgetAfter.toSeconds());
        remove(voter);
        return true;
      }
    }
    return false;
  }

  private static boolean isMajority(List<Member> alive, List<Member> voters) {
    return alive.size() > voters.size() / 2;
  }

  /** Removes one that is too many, those first that are gone. */
  private boolean shrink(List<Member> voters, List<Member> alive, List<Member> up, int wished) {
    if (!size.mayShrink() || voters.size() <= wished || !isMajority(alive, voters)) {
      return false;
    }
    Member surplus =
        voters.stream()
            .filter(voter -> !voter.equals(group.member()) && isItsTurn(voter))
            .min(
                Comparator.<Member, Boolean>comparing(alive::contains)
                    .thenComparing(up::contains)
                    .thenComparing(Member::toString, Comparator.reverseOrder()))
            .orElse(null);
    if (surplus == null) {
      return false;
    }
    LOG.warn("the group is to have {} members, removing {}", wished, surplus);
    remove(surplus);
    return true;
  }

  /** A line for each member that cannot read what the group writes, the first time. */
  private void tellOfTheUnreadable(Map<Member, Integer> reads, int format) {
    reads.forEach((member, highest) -> {
      if (highest < format && told.add(member)) {
        LOG.error(
            "{} reads journal format {}, and the group writes format {}: it is not added, and cannot"
                + " go on if it is a member; start a version of Weir there that reads format {}",
            member,
            highest,
            format,
            format);
      }
    });
    told.removeIf(member -> reads.getOrDefault(member, 0) >= format);
  }

  /** The highest format that all read; the first one for whoever the master does not list. */
  private static int common(Members members, Map<Member, Integer> reads) {
    int lowest =
        Stream.concat(members.voters().stream(), members.learners().stream())
            .mapToInt(member -> reads.getOrDefault(member, JournalFormat.FIRST))
            .min()
            .orElse(JournalFormat.FIRST);
    return Math.min(lowest, JournalFormat.HIGHEST);
  }

  /** A change like the others, so that no member is added meanwhile that reads less. */
  private void switchTo(int format) {
    changing.set(true);
    LOG.info("every member reads journal format {}: switching to it", format);
    var _ =
        group
            .switchFormat(format)
            .whenComplete((nothing, failure) -> {
              if (failure != null) {
                LOG.warn("not switched to format {}: {}", format, failure.getMessage());
              }
              changing.set(false);
            });
  }

  private void add(Claim claim, List<Member> voters, Member candidate, int wished) {
    changing.set(true);
    boolean begun = false;
    try {
      added = candidate;
      isAdded = false;
      group.growing(true);
      if (!engine.journalWhatIsInMemory()) {
        LOG.warn("{} waits to be added until the journal holds what is in memory alone", candidate);
        return;
      }
      List<Member> grown = new ArrayList<>(voters);
      grown.add(candidate);
      record(claim, grown, wished);
      LOG.info("adding {} to the group of {}", candidate, voters);
      begun = true;
      begin("added", candidate, () -> group.journal().addMember(candidate));
    } finally {
      if (!begun) {
        changing.set(false);
      }
    }
  }

  private void remove(Member member) {
    changing.set(true);
    begin("removed", member, () -> group.journal().removeMember(member));
  }

  private void begin(
      String what, Member member, Supplier<CompletableFuture<@Nullable Void>> change) {
    CompletableFuture<@Nullable Void> begun;
    try {
      begun = change.get();
    } catch (RuntimeException e) {
      begun = CompletableFuture.failedFuture(e);
    }
    var _ = begun.whenComplete((nothing, failure) -> ended(what, member, failure));
  }

  private void ended(String what, Member member, @Nullable Throwable failure) {
    if (failure == null) {
      LOG.info("{}: {}", what, member);
      retries.succeeded(member);
      isAdded = member.equals(added);
    } else {
      LOG.warn("not {}: {}: {}", what, member, failure.getMessage());
      retries.failed(member, nanos.getAsLong());
    }
    changing.set(false);
  }

  /** Tells the database who the members are, and how many are wished for, when it does not know. */
  private void record(Claim claim, List<Member> members, int wished) {
    List<String> texts = members.stream().map(Member::toString).sorted().toList();
    List<String> key = new ArrayList<>(texts);
    key.addFirst(claim + " " + wished);
    if (!key.equals(recorded)) {
      registry.recordMembers(claim, texts);
      size.record(claim, wished);
      recorded = List.copyOf(key);
    }
  }
}
