package io.weir.cache.journal;

/**
 * One leader's time in office.
 *
 * @param term of the group's log; no two leaders of a generation share one
 * @param epoch taken by the leader's first entry in the log; the middle part of its versions
 */
public record Reign(long term, long epoch) {}
