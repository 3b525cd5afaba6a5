package io.weir.cache.engine;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which requests this engine takes, and why it refuses the others. One immutable snapshot behind
 * one field.
 *
 * @param leader what to write with; null when this server does not lead
 * @param guard null when it serves no reads
 * @param whyNot the reason for refusing all; empty when it serves reads
 * @param whyNoWrites the reason for refusing a leader's writes; empty when it takes them
 * @param opening done when these permissions end, where it is worth for writes to wait for that;
 *     null where it is not
 */
record Permissions(
    @Nullable LeaderJournal leader,
    @Nullable ReadGuard guard,
    String whyNot,
    String whyNoWrites,
    @Nullable CompletableFuture<@Nullable Void> opening) {

  static Permissions none(String why) {
    return new Permissions(null, null, why, why, null);
  }
}
