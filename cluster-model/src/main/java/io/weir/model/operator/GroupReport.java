package io.weir.model.operator;

import java.util.List;

/**
 * A shard's group, as one of its members sees it.
 *
 * @param role of that member, such as {@code leader}
 * @param members those that count for a majority
 * @param alive members that the leader hears from; empty elsewhere
 */
public record GroupReport(String role, List<String> members, List<String> alive) {

  /** Whether so many members belong to it, and all of them are heard from. */
  public boolean isWhole(int size) {
    return members.size() == size && alive.size() == size;
  }
}
