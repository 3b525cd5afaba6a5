package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.cache.kv.Claim;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Since when a leader has found members not to answer, look after look. What happened between two
 * looks that are far apart nobody knows, so the counting begins anew then; and with each reign.
 *
 * <p><b>Concurrency.</b> Confined to one thread.
 */
final class Absences {

  /** Of the time until a member is forgotten. */
  private static final int LONGEST_GAP_PART = 10;

  /** Several heartbeats, each of which brings a look. */
  private static final Duration SHORTEST_GAP = Duration.ofSeconds(10);

  private static final int FEWEST_LOOKS = 3;

  private final long forgetAfterNanos;
  private final long longestGapNanos;
  private final Map<Member, Absence> absences = new HashMap<>();
  private @Nullable Claim under;
  private long lastLook;

  private record Absence(long since, int looks) {}

  /**
   * @param forgetAfter how long a member is gone before it is forgotten
   */
  Absences(Duration forgetAfter) {
    this.forgetAfterNanos = forgetAfter.toNanos();
    this.longestGapNanos = Math.max(forgetAfterNanos / LONGEST_GAP_PART, SHORTEST_GAP.toNanos());
  }

  /** Takes a look: who is in the group, and who answers. */
  void look(Claim claim, Collection<Member> voters, Collection<Member> alive, long now) {
    if (!claim.equals(under) || now - lastLook > longestGapNanos) {
      absences.clear();
      under = claim;
    }
    lastLook = now;
    absences.keySet().retainAll(voters);
    absences.keySet().removeAll(alive);
    for (Member voter : voters) {
      if (!alive.contains(voter)) {
        absences.merge(
            voter, new Absence(now, 1), (old, _) -> new Absence(old.since(), old.looks() + 1));
      }
    }
  }

  /** Whether a member has been gone for longer than it may, at the last look. */
  boolean isLong(Member member) {
    Absence absence = absences.get(member);
    return absence != null
        && absence.looks() >= FEWEST_LOOKS
        && lastLook - absence.since() > forgetAfterNanos;
  }
}
