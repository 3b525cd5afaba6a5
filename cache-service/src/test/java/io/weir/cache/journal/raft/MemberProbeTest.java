package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.journal.Member;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberProbeTest {

  private static final Member ASKING = new Member("127.0.0.1", 8_499, 1);

  @TempDir Path directory;
  private final int port = FreePorts.next();
  private final MemberProbe probe =
      new MemberProbe(InetAddress.getLoopbackAddress(), LinkCipher.NONE);

  private boolean answers(Member member) {
    return probe.answers(member, TestMember.GROUP, ASKING, TestMember.SECRET);
  }

  @Test
  void aMemberThatRunsAnswersAndGoesOn() {
    try (TestMember member =
        TestMember.start(
            TestMember.settings(directory, port, 1L << 40), RaftJournal.Beginning.FOUND)) {
      member.put("a", 1);
      assertThat(answers(member.member())).isTrue();
      member.put("b", 2);

      int other = member.member().incarnation() == 7 ? 8 : 7;
      assertThat(answers(new Member("127.0.0.1", port, other))).isFalse();
      String nextGroup = RaftSettings.groupOf("test", 2);
      assertThat(probe.answers(member.member(), nextGroup, ASKING, TestMember.SECRET)).isFalse();
      assertThat(probe.answers(member.member(), TestMember.GROUP, ASKING, null)).isTrue();
      assertThat(member.broken).isEmpty();
    }
  }

  @Test
  void whereNobodyListensNobodyAnswers() {
    assertThat(answers(new Member("127.0.0.1", port, 7))).isFalse();
    assertThat(answers(new Member("no-such-host.invalid", port, 7))).isFalse();
  }

  /** It may be a member that is stopped, which can be waked. */
  @Test
  void whoTakesTheConnectionAndSaysNothingCounts() throws IOException {
    try (ServerSocket silent = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
      assertThat(answers(new Member("127.0.0.1", silent.getLocalPort(), 7))).isTrue();
    }
  }
}
