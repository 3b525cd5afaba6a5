package io.weir.cache.server;

import io.weir.cache.journal.LogEnd;
import java.util.ArrayList;
import java.util.List;

/** What the one member that is left of a group cannot know of the others, in sentences. */
final class RescueLimits {

  private RescueLimits() {}

  /**
   * @param size of the group, this member included
   * @param applied the last entry that this member has applied
   */
  static List<String> of(int size, LogEnd end, long applied) {
    List<String> sentences = new ArrayList<>();
    int majority = size / 2 + 1;
    if (size - 1 >= majority) {
      sentences.add(
          "A write was acknowledged once %d of the %d members had it. What the others acknowledged without this one, after its last entry or while it lagged behind, is lost with their disks, unless the database has it."
              .formatted(majority, size));
      sentences.add(
          "Where the database has a newer version of a key than this log, the older one is served until it has been flushed; and a key that was deleted by an entry that this log lacks comes back.");
    } else {
      sentences.add(
          "Every write of this group needed this member's disk: what was acknowledged is in this log, unless this member was being removed.");
    }
    sentences.add(
        "Entries at the end of this log that no majority has confirmed come to count: a write whose outcome was open to its client may turn out to have been made.");
    if (end.lastIndex() > applied) {
      sentences.add(
          "%d entries of this log are not applied yet, so the dirty entries are counted without them."
              .formatted(end.lastIndex() - applied));
    }
    LogEnd.Time time = end.time();
    if (time == null) {
      sentences.add("The age of the last entry cannot be told.");
    } else if (!time.isSinceStart()) {
      sentences.add(
          "The last entry was there when this process started: it is at most as young as the log's files were then, and copying or restoring those makes them younger.");
    }
    return sentences;
  }
}
