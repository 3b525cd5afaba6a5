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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does about its group's members: it adds the servers that the master lists for its
 * shard, puts a server that lost its disk in the place of the one it was, removes who is gone for
 * long, and switches the group to the highest format of the journal that all of them read.
 *
 * <p><b>Ordering.</b> The database is told of a member before the group is, and of its leaving
 * afterwards: so it names at least everyone whose vote may count, and a server that it names alone
 * is alone. Writes that no journal holds come into it before there is a second member. One change
 * at a time.
 *
 * <p><b>Concurrency.</b> {@link #reconcile} is called by one thread; a change goes on in the
 * journal's, and ends there.
 */
final class GroupMembership {

  private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

  /** More cost every write a reply more, and survive no more machines than anybody loses. */
  static final int MOST_MEMBERS = 5;

  private final ShardGroup group;
  private final CacheEngine engine;
  private final ShardRegistry registry;
  private final Duration forgetAfter;
  private final LongSupplier nanos;
  private final AtomicBoolean changing = new AtomicBoolean();

  /** The members of which the log has said that they cannot read the group's journal. */
  private final Set<Member> told = new HashSet<>();

  /** When each member was last seen alive by this leader; ticker nanoseconds. */
  private final Map<Member, Long> seen = new HashMap<>();

  private @Nullable Claim seenUnder;
  private List<String> recorded = List.of();

  private @Nullable Claim secretForgottenUnder;

  /** Why no change can be made at present; empty when one can. */
  private String heldUp = "";

  /**
   * @param forgetAfter how long a member is gone before it is removed
   * @param nanos a monotonic clock
   */
  GroupMembership(
      ShardGroup group,
      CacheEngine engine,
      ShardRegistry registry,
      Duration forgetAfter,
      LongSupplier nanos) {
    this.group = group;
    this.engine = engine;
    this.registry = registry;
    this.forgetAfter = forgetAfter;
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
    noteAlive(claim, status);
    record(claim, voters);
    tellOfTheUnreadable(reads, status.format());
    for (Member candidate : up) {
      if (voters.contains(candidate)
          || group.wasOnce(candidate)
          || reads.getOrDefault(candidate, 0) < status.format()) {
        continue;
      }
      Member former = voters.stream().filter(candidate::isSameServerAs).findFirst().orElse(null);
      if (former != null) {
        LOG.warn(
            "{} is replaced: its server comes with another directory, as {}", former, candidate);
        remove(former);
        return;
      }
      if (voters.size() < MOST_MEMBERS) {
        add(claim, voters, candidate);
        return;
      }
      LOG.debug("the group has {} members, {} stays outside", MOST_MEMBERS, candidate);
    }
    for (Member voter : voters) {
      if (isToBeForgotten(voter, voters, status.alive())) {
        LOG.warn("{} has been gone for {} s, removing it", voter, forgetAfter.toSeconds());
        remove(voter);
        return;
      }
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

  /** What an earlier reign saw is too old to count. */
  private void noteAlive(Claim claim, JournalStatus status) {
    if (!claim.equals(seenUnder)) {
      seen.clear();
      seenUnder = claim;
    }
    long now = nanos.getAsLong();
    status.members().voters().forEach(voter -> seen.putIfAbsent(voter, now));
    status.alive().forEach(voter -> seen.put(voter, now));
    seen.keySet().retainAll(status.members().voters());
  }

  private boolean isToBeForgotten(Member voter, List<Member> voters, List<Member> alive) {
    boolean majorityWithoutIt = alive.size() > voters.size() / 2;
    Long last = seen.get(voter);
    return last != null
        && !alive.contains(voter)
        && majorityWithoutIt
        && nanos.getAsLong() - last > forgetAfter.toNanos();
  }

  private void add(Claim claim, List<Member> voters, Member candidate) {
    changing.set(true);
    boolean begun = false;
    try {
      group.growing(true);
      if (!engine.journalWhatIsInMemory()) {
        LOG.warn("{} waits to be added until the journal holds what is in memory alone", candidate);
        return;
      }
      List<Member> grown = new ArrayList<>(voters);
      grown.add(candidate);
      record(claim, grown);
      LOG.info("adding {} to the group of {}", candidate, voters);
      begun = true;
      ended("added", candidate, group.journal().addMember(candidate));
    } finally {
      if (!begun) {
        done();
      }
    }
  }

  private void remove(Member member) {
    changing.set(true);
    ended("removed", member, group.journal().removeMember(member));
  }

  private void ended(String what, Member member, CompletableFuture<@Nullable Void> change) {
    var _ =
        change.whenComplete((nothing, failure) -> {
          if (failure == null) {
            LOG.info("{}: {}", what, member);
          } else {
            LOG.warn("not {}: {}: {}", what, member, failure.getMessage());
          }
          done();
        });
  }

  private void done() {
    group.growing(false);
    changing.set(false);
  }

  /** Tells the database who the members are, when it does not know. */
  private void record(Claim claim, List<Member> members) {
    List<String> texts = members.stream().map(Member::toString).sorted().toList();
    List<String> key = new ArrayList<>(texts);
    key.addFirst(claim.toString());
    if (!key.equals(recorded)) {
      registry.recordMembers(claim, texts);
      recorded = List.copyOf(key);
    }
  }
}
