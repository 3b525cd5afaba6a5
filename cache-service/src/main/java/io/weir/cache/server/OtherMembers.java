package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.cache.store.ShardRow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The recorded members of a generation besides this server, and whether they are there: a
 * generation of which one is has not lost its journal.
 */
final class OtherMembers {

  private final Member address;
  private final Probe probe;

  /** Asks at a journal's port whether a member is there. */
  @FunctionalInterface
  interface Probe {

    /**
     * Whether it answers; a member of another incarnation does not count.
     *
     * @param asking who asks
     * @param secret of the group; null when it is not known
     */
    boolean answers(Member member, String group, Member asking, @Nullable String secret);
  }

  /**
   * One of them.
   *
   * @param isListed whether the master lists it as up
   * @param answers whether it answers at its journal's port
   */
  record Other(String member, boolean isListed, boolean answers) {

    boolean isThere() {
      return isListed || answers;
    }

    /** What it is seen by, for a sentence that begins with the member. */
    String how() {
      return answers ? "answers at its journal's port" : "is listed as up by the master";
    }
  }

  /**
   * @param address of this server's journal, of whatever incarnation
   */
  OtherMembers(Member address, Probe probe) {
    this.address = address;
    this.probe = probe;
  }

  /** Looks for each in turn, as far as the stream is read; one may take seconds. */
  Stream<Other> look(ShardRow row, Heard heard) {
    return row.members().stream()
        .map(Member::parse)
        .filter(member -> !member.isSameServerAs(address))
        .map(member ->
            new Other(
                member.toString(), heard.up().contains(member.toString()), answers(member, row)));
  }

  /** Whether a member of the row's generation answers. */
  boolean answers(Member member, ShardRow row) {
    return probe.answers(member, Founding.group(row, row.generation()), address, row.secret());
  }
}
