package io.weir.cache.server;

import io.weir.cache.journal.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When a change of the group that failed may be tried again, for each member that it was about:
 * after a pause that grows, since each try costs the leader its lease for a moment.
 *
 * <p><b>Concurrency.</b> Any thread; under one monitor.
 */
final class Retries {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Map<Member, Failures> failures = new HashMap<>();

  private record Failures(long notBefore, Duration pause) {}

  synchronized boolean isTooSoon(Member member, long now) {
    Failures known = failures.get(member);
    return known != null && now - known.notBefore() < 0;
  }

  synchronized void failed(Member member, long now) {
    Failures known = failures.get(member);
    Duration pause = known == null ? FIRST_PAUSE : known.pause().multipliedBy(2);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    failures.put(member, new Failures(now + pause.toNanos(), pause));
  }

  synchronized void succeeded(Member member) {
    failures.remove(member);
  }
}
