package io.weir.cache.journal;

import java.util.List;

/**
 * Who keeps a shard's journal.
 *
 * @param voters whose majority makes a mutation durable
 * @param learners who only follow
 */
public record Members(List<Member> voters, List<Member> learners) {

  /** A group that does not know its members yet. */
  public static final Members NONE = new Members(List.of(), List.of());

  /** Copies the lists. */
  public Members {
    voters = List.copyOf(voters);
    learners = List.copyOf(learners);
  }
}
