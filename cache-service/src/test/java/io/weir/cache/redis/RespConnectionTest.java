package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.weir.cache.engine.EngineException;
import io.weir.model.Consistency;
import io.weir.model.Key;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RespConnectionTest {

  private static final String MOVED = "-MOVED 12182 other:8379\r\n";
  private static final String DOWN = "-CLUSTERDOWN nobody leads\r\n";

  private final RespFixture fixture = new RespFixture();

  @Test
  void aHitIsAnsweredAtOnce() {
    fixture.entries.put("k", "value");
    assertThat(fixture.call("GET", "k")).isEqualTo("$5\r\nvalue\r\n");
    assertThat(fixture.call("GET", "absent")).isEqualTo("$-1\r\n");
    assertThat(fixture.call("HELLO", "3")).isEqualTo("%1\r\n+proto\r\n:3\r\n");
    assertThat(fixture.call("GET", "absent")).isEqualTo("_\r\n");
    assertThat(fixture.meters.all).containsExactly("get", "get", "hello", "get");
  }

  @Test
  void repliesOfATurnGoOutTogether() {
    fixture.entries.put("k", "v");
    assertThat(fixture.say("GET k\r\nPING\r\nGET k\r\n"))
        .isEqualTo("$1\r\nv\r\n+PONG\r\n$1\r\nv\r\n");
    assertThat(fixture.writes).isOne();
  }

  @Test
  void aMissIsReadElsewhereAndKeepsTheNextReplyBack() {
    fixture.entries.put("k", "v");
    fixture.entries.elsewhere.add(Key.of("k"));
    assertThat(fixture.say("GET k\r\nGET l\r\nPING\r\n")).isEmpty();
    assertThat(fixture.waiting).hasSize(1);
    assertThat(fixture.wait(1)).isEqualTo("$1\r\nv\r\n$-1\r\n+PONG\r\n");
  }

  @Test
  void whatLaterReadsNeedIsLoadedMeanwhile() {
    StringBuilder requests = new StringBuilder();
    StringBuilder replies = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      Key key = Key.of("key-" + i);
      fixture.entries.put(key.toString(), "v" + i);
      fixture.entries.elsewhere.add(key);
      requests.append("GET ").append(key).append("\r\n");
      replies.append("$").append(1 + String.valueOf(i).length()).append("\r\nv").append(i);
      replies.append("\r\n");
    }
    assertThat(fixture.say(requests.toString())).isEmpty();
    assertThat(fixture.waiting).as("several at once, and not all").hasSize(16);
    fixture.entries.elsewhere.clear(); // Each load brings its key into memory.
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < 40 && !fixture.waiting.isEmpty(); i++) {
      said.append(fixture.wait(1));
    }
    assertThat(said).hasToString(replies.toString());
  }

  @Test
  void aWriteOfAnotherKeyPassesAReadThatWaits() {
    fixture.entries.put("k", "old");
    fixture.entries.elsewhere.add(Key.of("k"));
    assertThat(fixture.say("GET k\r\nSET l 1\r\nGET l\r\nSET m 2\r\nSET k new\r\n")).isEmpty();
    assertThat(fixture.entries.writes).hasSize(2);
    fixture.entries.acknowledge();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEmpty();
    assertThat(fixture.wait(1)).isEqualTo("$3\r\nold\r\n+OK\r\n$1\r\n1\r\n+OK\r\n");
    assertThat(fixture.entries.writes).hasSize(1);
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n");
  }

  @Test
  void aReadThatWaitsIsDoneAtItsTurnThoughItsKeyWasLoadedBefore() {
    fixture.entries.put("k", "old");
    fixture.entries.elsewhere.add(Key.of("k"));
    assertThat(fixture.say("SET k new\r\nGET k\r\n")).isEmpty();
    assertThat(fixture.wait(1)).isEmpty();
    fixture.entries.elsewhere.clear();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n$3\r\nnew\r\n");
  }

  @Test
  void aLoadThatThrowsAnErrorHoldsNoLaterWriteBack() {
    fixture.entries.put("k", "v");
    fixture.entries.elsewhere.addAll(List.of(Key.of("j"), Key.of("k")));
    assertThat(fixture.say("GET j\r\nGET k\r\nSET k new\r\n")).isEmpty();
    assertThat(fixture.wait(1)).isEqualTo("$-1\r\n");
    fixture.entries.error = new StackOverflowError("as it is to");
    assertThatThrownBy(() -> fixture.wait(1)).isInstanceOf(StackOverflowError.class);
    fixture.entries.elsewhere.clear();
    fixture.channel.runPendingTasks();
    assertThat(fixture.replies()).isEqualTo("$1\r\nv\r\n");
    assertThat(fixture.entries.writes).hasSize(1);
  }

  @Test
  void aReadThatFailsAtItsTurnIsToldThen() {
    assertThat(fixture.say("SET k v\r\nGET k\r\nGET k\r\n")).isEmpty();
    fixture.entries.failure = new EngineException.NotServing("it stops");
    fixture.entries.acknowledge();
    assertThat(fixture.replies())
        .isEqualTo("+OK\r\n-CLUSTERDOWN it stops\r\n-CLUSTERDOWN it stops\r\n");
  }

  @Test
  void blindWritesFollowEachOtherWhileNoneHasAnOutcome() {
    assertThat(fixture.say("SET a 1\r\nSET b 2\r\nSET a 3\r\n")).isEmpty();
    assertThat(fixture.entries.writes).hasSize(3);

    FakeEntries.Write first = fixture.entries.apply();
    FakeEntries.Write second = fixture.entries.apply();
    second.done().written(FakeEntries.WRITTEN);
    assertThat(fixture.replies()).as("the second waits for the first").isEmpty();
    first.done().written(FakeEntries.WRITTEN);
    assertThat(fixture.replies()).isEqualTo("+OK\r\n+OK\r\n");
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n");
  }

  @Test
  void aReadSeesTheWritesBeforeIt() {
    assertThat(fixture.say("SET a 1\r\nSET a 2\r\nGET a\r\nPING\r\n")).isEmpty();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n");
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n$1\r\n2\r\n+PONG\r\n");
  }

  @Test
  void aWriteThatWaitsForRoomKeepsTheNextBackUntilItHasItsPlace() {
    fixture.entries.roomy = false;
    assertThat(fixture.say("SET a 1\r\nSET a 2\r\n")).isEmpty();
    assertThat(fixture.entries.writes).isEmpty();
    fixture.entries.roomy = true;
    assertThat(fixture.wait(1)).isEmpty();
    assertThat(fixture.entries.writes).hasSize(2);
    fixture.entries.acknowledge();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n+OK\r\n");
    assertThat(fixture.entries.values.get(Key.of("a"))).containsExactly('2');
  }

  @Test
  void whatOvertakesDoesAndIsAnsweredInItsTurn() {
    assertThat(fixture.say("SET a 1\r\nPING\r\nLATER\r\nPING\r\n")).isEmpty();
    assertThat(fixture.commands.owed).isEmpty();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n+PONG\r\n");
    fixture.commands.owed.remove().reply(new Reply.Number(7));
    assertThat(fixture.replies()).isEqualTo(":7\r\n+PONG\r\n");
  }

  @Test
  void aSecondReplyIsDropped() {
    var _ = fixture.say("LATER\r\nLATER\r\n");
    Pending first = fixture.commands.owed.remove();
    first.reply(Reply.OK);
    first.reply(Reply.NIL);
    assertThat(fixture.replies()).isEqualTo("+OK\r\n");
    fixture.commands.owed.remove().reply(Reply.OK);
    assertThat(fixture.replies()).isEqualTo("+OK\r\n");
  }

  @Test
  void whatACommandThrowsElsewhereBecomesItsReply() {
    assertThat(fixture.say("FAILS\r\nELSEWHERE x\r\n")).isEmpty();
    assertThat(fixture.wait(1)).isEqualTo("-ERR the server failed; its log says more\r\n");
    assertThat(fixture.wait(1)).isEqualTo("$1\r\nx\r\n");
  }

  @Test
  void anUnknownCommandIsToldInRedissWords() {
    assertThat(fixture.call("FOO", "a", "b"))
        .isEqualTo("-ERR unknown command 'FOO', with args beginning with: 'a' 'b' \r\n");
    assertThat(fixture.call("FOO"))
        .isEqualTo("-ERR unknown command 'FOO', with args beginning with: \r\n");
    assertThat(fixture.call("F\r\nO", "x".repeat(500), "y"))
        .isEqualTo(
            "-ERR unknown command 'F  O', with args beginning with: '"
                + "x".repeat(128)
                + "' \r\n");
  }

  @Test
  void aWrongNumberOfWordsIsToldInRedissWords() {
    String wrong = "-ERR wrong number of arguments for 'get' command\r\n";
    assertThat(fixture.call("gEt")).isEqualTo(wrong);
    assertThat(fixture.call("GET", "a", "b")).isEqualTo(wrong);
    assertThat(fixture.call("SET", "a"))
        .isEqualTo("-ERR wrong number of arguments for 'set' command\r\n");
  }

  @Test
  void aKeyThatIsNoneIsToldWithTheWayOut() {
    assertThat(fixture.call("GET", "\u00ac\u00ed\u0000\u0005"))
        .isEqualTo(
            "-ERR a key is UTF-8 text, and this one is not: use a StringRedisSerializer for keys,"
                + " or its like\r\n");
    assertThat(fixture.call("SET", "k".repeat(513), "v"))
        .isEqualTo("-ERR a key has at most 512 bytes of UTF-8, this one has 513\r\n");
    assertThat(fixture.call("MGET", "a", ""))
        .isEqualTo("-ERR a key has at least 1 byte, this one is empty\r\n");
  }

  @Test
  void keysOfSeveralSlotsAreRefused() {
    assertThat(fixture.call("MGET", "{x}a", "{x}b"))
        .isEqualTo("*2\r\n$4\r\n{x}a\r\n$4\r\n{x}b\r\n");
    assertThat(fixture.call("MGET", "a", "b"))
        .isEqualTo("-CROSSSLOT Keys in request don't hash to the same slot\r\n");
    assertThat(fixture.call("MSET", "{x}a", "b", "{x}c", "d")).startsWith("*4\r\n");
  }

  @Test
  void whatIsNotForThisServerMoves() {
    int slot = Key.of("foo").slot();
    fixture.routes.misdirected.put(slot, new Reply.Failure("MOVED " + slot + " other:8379"));
    assertThat(slot).isEqualTo(12182);
    assertThat(fixture.call("GET", "foo")).isEqualTo(MOVED);
    assertThat(fixture.call("SET", "foo", "v")).isEqualTo(MOVED);
    assertThat(fixture.call("MGET", "foo", "foo")).isEqualTo(MOVED);
    assertThat(fixture.call("GET", "bar")).isEqualTo("$-1\r\n");
  }

  @Test
  void onlyReadsOfAConnectionThatAsksForThatMayBeEventual() {
    var _ = fixture.call("GET", "k");
    assertThat(fixture.routes.readOnly).isFalse();
    assertThat(fixture.entries.asked).isNull();
    assertThat(fixture.call("READONLY")).isEqualTo("+OK\r\n");
    var _ = fixture.call("GET", "k");
    assertThat(fixture.routes.readOnly).isTrue();
    assertThat(fixture.entries.asked).isEqualTo(Consistency.EVENTUAL);
    var _ = fixture.call("SET", "k", "v");
    assertThat(fixture.routes.readOnly).isFalse();
  }

  @Test
  void aRequestIsHeldBackUntilSomebodyLeads() {
    noLeader();
    assertThat(fixture.say("SET foo v\r\nPING\r\n")).isEmpty();
    assertThat(fixture.pass(Duration.ofSeconds(1))).isEmpty();
    assertThat(fixture.entries.writes).isEmpty();
    fixture.routes.misdirected.clear();
    assertThat(fixture.pass(Duration.ofMillis(100))).isEmpty();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n+PONG\r\n");
  }

  private void noLeader() {
    int slot = Key.of("foo").slot();
    fixture.routes.misdirected.put(slot, new Reply.Failure("CLUSTERDOWN nobody leads"));
    fixture.routes.awaiting.add(slot);
  }

  @Test
  void aStrangerMayLogInAndNothingElse() {
    RespFixture asking = new RespFixture("token-READ");
    String noAuth = "-NOAUTH Authentication required.\r\n";
    assertThat(asking.call("GET", "k")).isEqualTo(noAuth);
    assertThat(asking.call("PING")).isEqualTo(noAuth);
    assertThat(asking.call("GET")).startsWith("-ERR wrong number");
    assertThat(asking.call("AUTH", "guess"))
        .isEqualTo("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    assertThat(asking.call("GET", "k")).isEqualTo(noAuth);
    assertThat(asking.call("AUTH", "token-READ")).isEqualTo("+OK\r\n");
    assertThat(asking.call("GET", "k")).isEqualTo("$-1\r\n");
  }

  @Test
  void aTokenMayWhatItsRolesSayAndUntilItIsWithdrawn() {
    RespFixture asking = new RespFixture("READ", "WRITE");
    assertThat(asking.call("AUTH", "READ")).isEqualTo("+OK\r\n");
    assertThat(asking.call("SET", "k", "v"))
        .isEqualTo(
            "-NOPERM User somebody has no permissions to run the 'set' command: its token does not"
                + " have the role write\r\n");
    assertThat(asking.call("FLUSHALL")).contains("NOPERM", "role operate");
    assertThat(asking.call("AUTH", "WRITE")).isEqualTo("+OK\r\n");
    assertThat(asking.call("GET", "k")).contains("NOPERM", "role read");
    assertThat(asking.call("SET", "k", "v", "GET")).contains("NOPERM", "role read");
    assertThat(asking.call("SET", "k", "v", "XX")).isEqualTo("+OK\r\n");
    asking.tokens.known.remove("WRITE");
    assertThat(asking.call("SET", "k", "v")).isEqualTo("-NOAUTH Authentication required.\r\n");
  }

  @Test
  void aLoginIsNotAskedForInVain() {
    assertThat(fixture.call("AUTH", "x")).startsWith("-ERR AUTH <password> called without any");
  }

  @Test
  void aBrokenRequestEndsTheConnectionAfterAllReplies() {
    assertThat(fixture.say("SET a 1\r\n*1\r\nfoo\r\nPING\r\n")).isEmpty();
    assertThat(fixture.channel.isOpen()).isTrue();
    fixture.entries.acknowledge();
    assertThat(fixture.replies())
        .isEqualTo("+OK\r\n-ERR Protocol error: expected '$', got 'f'\r\n");
    assertThat(fixture.channel.isOpen()).isFalse();
    assertThat(fixture.meters.all).containsExactly("protocol-error", "set");
  }

  @Test
  void quitEndsTheConnectionAfterItsReply() {
    assertThat(fixture.say("PING\r\nQUIT\r\nPING\r\n")).isEqualTo("+PONG\r\n+OK\r\n");
    assertThat(fixture.channel.isOpen()).isFalse();
  }

  @Test
  void whatABrowserSendsIsNotAnswered() {
    assertThat(fixture.say("PING\r\nPOST / HTTP/1.1\r\nSET k v\r\n")).doesNotContain("OK");
    assertThat(fixture.channel.isOpen()).isFalse();
    assertThat(fixture.entries.writes).isEmpty();
    assertThat(fixture.meters.all).containsExactly("ping", "cross-protocol");
  }

  @Test
  void whoSendsNothingMoreGetsAllReplies() {
    assertThat(fixture.say("SET a 1\r\nGET a\r\nSET b")).isEmpty();
    fixture.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(fixture.channel.isOpen()).isTrue();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n$1\r\n1\r\n");
    assertThat(fixture.channel.isOpen()).isFalse();
  }

  @Test
  void nothingIsReadWhileTooManyRepliesAreOutstanding() {
    assertThat(fixture.say("SET a 1\r\n".repeat(RespFixture.MAX_PENDING + 10))).isEmpty();
    assertThat(fixture.entries.writes).hasSize(RespFixture.MAX_PENDING);
    assertThat(fixture.channel.config().isAutoRead()).isFalse();
    for (int i = 0; i < RespFixture.MAX_PENDING + 10; i++) {
      fixture.entries.acknowledge();
    }
    assertThat(fixture.replies()).isEqualTo("+OK\r\n".repeat(RespFixture.MAX_PENDING + 10));
    assertThat(fixture.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void anUnknownOutcomeIsAnErrorOnAConnectionThatStays() {
    fixture.entries.failure = new EngineException.NotServing("it stops");
    assertThat(fixture.say("SET a 1\r\nGET a\r\n"))
        .isEqualTo("-CLUSTERDOWN it stops\r\n".repeat(2));
    fixture.routes.starting = true;
    assertThat(fixture.call("GET", "a")).isEqualTo("-LOADING it stops\r\n");
    assertThat(fixture.channel.isOpen()).isTrue();
  }

  @Test
  void allThatWasHeldIsGivenBack() {
    fixture.entries.put("large", "x".repeat(60_000));
    assertThat(fixture.call("GET", "large")).hasSize(60_000 + 10);
    assertThat(fixture.call("SET", "large", "y".repeat(60_000))).isEmpty();
    assertThat(fixture.rooms.taken).isPositive();
    fixture.entries.acknowledge();
    assertThat(fixture.rooms.taken).isZero();
    var _ = fixture.call("SET", "large", "y".repeat(60_000));
    var _ = fixture.channel.close();
    assertThat(fixture.rooms.taken).isZero();
    fixture.entries.acknowledge();
    assertThat(fixture.rooms.taken).isZero();
    assertThat(fixture.rooms.most).isGreaterThan(50_000);
  }

  @Test
  void aLargeValueIsNotReadWhenThereIsNoRoomForIt() {
    fixture.entries.put("large", "x".repeat(60_000));
    fixture.rooms.reserve(1 << 20);
    assertThat(fixture.call("GET", "large")).isEqualTo("-" + RespDecoder.NO_ROOM + "\r\n");
    fixture.rooms.release(1 << 20);
    assertThat(fixture.call("GET", "large")).startsWith("$60000\r\n");
  }

  @Test
  void aPartOfARequestThatFindsNoRoomEndsTheConnection() {
    fixture.rooms.reserve(1 << 20);
    assertThat(fixture.say("*2\r\n$3\r\nGET\r\n$10000\r\n" + "x".repeat(3_000))).isEmpty();
    assertThat(fixture.say("x".repeat(3_000))).isEqualTo("-" + RespDecoder.NO_ROOM + "\r\n");
    assertThat(fixture.channel.isOpen()).isFalse();
    assertThat(fixture.rooms.taken).isEqualTo(1 << 20);
  }

  @Test
  void whatComesBehindABrokenRequestIsNotKept() {
    assertThat(fixture.say("*x\r\n" + "x".repeat(60_000))).startsWith("-ERR Protocol error");
    assertThat(fixture.rooms.most).isZero();
  }

  @Test
  void aPartThatFindsNoRoomBehindAWriteEndsTheConnectionOnce() {
    assertThat(fixture.call("SET", "a", "1")).isEmpty();
    fixture.rooms.reserve(1 << 20);
    assertThat(fixture.say("*2\r\n$3\r\nGET\r\n$10000\r\n" + "x".repeat(3_000))).isEmpty();
    assertThat(fixture.say("x".repeat(3_000))).isEmpty();
    fixture.entries.acknowledge();
    assertThat(fixture.replies()).isEqualTo("+OK\r\n-" + RespDecoder.NO_ROOM + "\r\n");
    assertThat(fixture.meters.all).containsExactly("overloaded", "set");
  }

  @Test
  void whoseRequestDoesNotComeToItsEndIsCutOff() {
    assertThat(fixture.say("*2\r\n$3\r\nGET")).isEmpty();
    assertThat(fixture.pass(Duration.ofSeconds(11))).isEmpty();
    assertThat(fixture.channel.isOpen()).isFalse();
    assertThat(fixture.meters.all).containsExactly("slow-client");
  }

  @Test
  void whoWaitsBetweenRequestsIsNot() {
    assertThat(fixture.say("PING\r\n*1\r\n")).isEqualTo("+PONG\r\n");
    assertThat(fixture.say("$4\r\nPING\r\n")).isEqualTo("+PONG\r\n");
    assertThat(fixture.pass(Duration.ofMinutes(1))).isEmpty();
    assertThat(fixture.call("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void theDoorTellsOfItsSessions() {
    assertThat(fixture.door.sessions()).hasSize(1);
    var _ = fixture.channel.close();
    assertThat(fixture.door.sessions()).isEqualTo(List.of());
  }

  @Test
  void noLeaderForTooLongIsToldInTheEnd() {
    RespFixture impatient = new RespFixture();
    int slot = Key.of("foo").slot();
    impatient.routes.misdirected.put(slot, new Reply.Failure("CLUSTERDOWN nobody leads"));
    impatient.routes.awaiting.add(slot);
    assertThat(impatient.call("GET", "foo")).isEmpty();
    assertThat(impatient.pass(Duration.ofMillis(2_100))).isEqualTo(DOWN);
  }
}
