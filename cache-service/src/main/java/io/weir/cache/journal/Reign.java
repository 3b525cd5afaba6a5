package io.weir.cache.journal;

/**
 * One leader's time in office, from {@code leading} to {@code stopped} of the listener. Another
 * thing than a term: a hand-over that comes to nothing begins a second reign in the same term,
 * which only its epoch tells from the first.
 *
 * @param term of the group's log; no two leaders of a generation share one
 * @param epoch taken by the leader's first entry in the log; the middle part of its versions
 */
public record Reign(long term, long epoch) {}
