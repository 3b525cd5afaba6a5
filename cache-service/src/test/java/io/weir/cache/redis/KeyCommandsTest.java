package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.journal.JournalException;
import io.weir.cache.kv.Value;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands make of values, of time, and of failures. */
class KeyCommandsTest {

  private final KeyFixture keys = new KeyFixture();
  private final EngineFixture fixture = keys.fixture;
  private final long later = fixture.clock.millis() + 60_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET k w",
        "SET k w XX",
        "SET k w GET",
        "SET k w KEEPTTL",
        "SETEX k 9 w",
        "PSETEX k 9 w",
        "GETSET k w",
        "MSET k w",
        "MSET k w b x"
      })
  void aNewValueHasNoMediaType(String command) {
    put("v", "text/plain", later);
    keys.call(command);
    assertThat(value().bytes()).isEqualTo(bytes("w"));
    assertThat(value().contentType()).as("HTTP's application/octet-stream").isNull();
    assertThat(value().expiresAtMillis() == later).isEqualTo(command.contains("KEEPTTL"));
  }

  @ParameterizedTest
  @CsvSource({
    "INCR k, 2",
    "DECRBY k 3, -2",
    "INCRBYFLOAT k 0.5, 1.5",
    "APPEND k 0, 10",
    "SETRANGE k 1 x, 1x",
    "SETBIT k 7 0, 0",
    "SETBIT k 6 1, 3"
  })
  void aChangeKeepsMediaTypeAndExpiry(String command, String result) {
    put("1", "text/plain", later);
    keys.call(command);
    assertThat(value().bytes()).isEqualTo(bytes(result));
    assertThat(value().contentType()).isEqualTo("text/plain");
    assertThat(value().expiresAtMillis()).isEqualTo(later);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPIRE k 9",
        "PEXPIRE k 9",
        "EXPIREAT k 9999999999",
        "PEXPIREAT k 9999999999999",
        "PERSIST k",
        "GETEX k EX 9",
        "GETEX k PERSIST"
      })
  void anotherExpiryKeepsTheValue(String command) {
    put("v", "text/plain", later);
    keys.call(command);
    assertThat(value().bytes()).isEqualTo(bytes("v"));
    assertThat(value().contentType()).isEqualTo("text/plain");
    assertThat(value().expiresAtMillis()).isNotEqualTo(later);
    assertThat(keys.commands.expiryRewrites()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPIRE k 0",
        "EXPIRE none 9",
        "EXPIRE k 9 NX",
        "PERSIST none",
        "GETEX k",
        "GETEX k EXAT 1",
        "EXPIRE k 60",
        "SET k v EX 9",
        "APPEND k v",
        "GETEX k EX 0"
      })
  void notEveryCommandRewritesForTheExpiry(String command) {
    put("v", "text/plain", later);
    keys.call(command);
    assertThat(keys.commands.expiryRewrites()).isZero();
  }

  @Test
  void theExpiryOfHttpIsTheSame() {
    put("v", null, later);
    assertThat(keys.call("TTL k")).isEqualTo("60");
    assertThat(keys.call("PEXPIRETIME k")).isEqualTo(Long.toString(later));
  }

  @Test
  void whatHasExpiredIsAbsent() {
    String[] commands = {
      "GET k",
      "nil",
      "EXISTS k",
      "0",
      "TTL k",
      "-2",
      "DEL k",
      "0",
      "STRLEN k",
      "0",
      "TYPE k",
      "none",
      "SET k v XX",
      "nil",
      "EXPIRE k 9",
      "0",
      "MGET k",
      "[nil]",
      "GETDEL k",
      "nil",
      "GETEX k EX 9",
      "nil",
      "SETNX k v",
      "1"
    };
    keys.call("SET k v PX 10");
    fixture.clock.advance(Duration.ofMillis(9));
    assertThat(keys.call("PTTL k")).isEqualTo("1");
    fixture.clock.advance(Duration.ofMillis(1));
    for (int i = 0; i < commands.length; i += 2) {
      assertThat(keys.call(commands[i])).as(commands[i]).isEqualTo(commands[i + 1]);
    }
  }

  @Test
  void aChangeOfWhatHasExpiredBeginsAnew() {
    keys.call("SET k 41 PX 10");
    fixture.clock.advance(Duration.ofMillis(10));
    assertThat(keys.call("INCR k")).isEqualTo("1");
    assertThat(keys.call("TTL k")).isEqualTo("-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MSET {k}a 1 {k}b 2",
        "MSETNX {k}c 1 {k}d 2 {k}e 3",
        "DEL {k}a {k}b none",
        "UNLINK {k}a {k}b",
        "MSET {k}a 1 {k}a 2 {k}b 3"
      })
  void severalKeysAreOneEntryOfTheJournal(String command) {
    fixture.put("{k}a", "v");
    fixture.put("{k}b", "v");
    List<Integer> entries = new ArrayList<>();
    fixture.onAppend = mutations -> entries.add(mutations.size());
    keys.call(command);
    assertThat(entries).containsExactly(command.split(" ", -1)[0].equals("MSETNX") ? 3 : 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET k",
        "MGET k k",
        "EXISTS k",
        "TTL k",
        "SET k 2",
        "SET k 2 NX",
        "INCR k",
        "APPEND k 2",
        "DEL k",
        "EXPIRE k 9",
        "GETEX k",
        "MSET k 2 none 3",
        "SETEX none 9 v",
        "OBJECT ENCODING k",
        "WAIT 0 0",
        "SCAN 0 TYPE hash"
      })
  void whatIsInMemoryIsAnsweredOnTheLoop(String command) {
    fixture.put("k", "1");
    FakePending pending = run(command);
    assertThat(pending.reply()).isNotInstanceOf(Reply.Failure.class);
    assertThat(pending.hasLeftTheLoop()).isFalse();
  }

  @Test
  void whatIsNotInMemoryIsReadByAVirtualThread() {
    fixture.put("k", "1");
    fixture.flush();
    fixture.engine.dropClean();
    for (String command : new String[] {"GET k", "INCR k"}) {
      fixture.engine.dropClean();
      FakePending pending = run(command);
      assertThat(pending.reply()).isNotInstanceOf(Reply.Failure.class);
      assertThat(pending.hasLeftTheLoop()).as(command).isTrue();
    }
  }

  @Test
  void aBlindWriteReadsNothing() {
    keys.call("SET k v");
    keys.call("SETEX k 9 v");
    keys.call("PSETEX k 9 v");
    keys.call("SET k v PXAT 1");
    keys.call("MSET k v b w");
    assertThat(fixture.store.loads).hasValue(0);
  }

  @Test
  void aWriteOvertakesUnlessItRepliesWithAWholeValue() {
    for (String command :
        List.of(
            "SETEX k 9 v",
            "PSETEX k 9 v",
            "MSET k v b w",
            "SETNX k v",
            "MSETNX k v",
            "DEL k",
            "INCR k",
            "INCRBYFLOAT k 1",
            "APPEND k v",
            "SETRANGE k 1 v",
            "SETBIT k 1 1",
            "EXPIRE k 9",
            "PERSIST k")) {
      assertThat(overtakes(command)).as(command).isTrue();
    }
    for (String command :
        List.of(
            "GET k", "TTL k", "EXISTS k", "GETSET k v", "GETDEL k", "GETEX k", "GETEX k EX 9")) {
      assertThat(overtakes(command)).as(command).isFalse();
    }
  }

  private boolean overtakes(String command) {
    Request request = KeyFixture.request(command);
    return keys.spec(request.text(0)).command().overtakes(request);
  }

  @Test
  void aWriteThatTellsValuesSaysSo() {
    String telling =
        "GETSET k v;GETDEL k;GETEX k;INCR k;DECR k;INCRBY k 1;DECRBY k 1;INCRBYFLOAT k 1;"
            + "SETBIT k 0 1";
    for (String command : telling.split(";", -1)) {
      Request request = KeyFixture.request(command);
      CommandSpec spec = keys.spec(request.text(0));
      assertThat(spec.access()).as(command).isEqualTo(CommandSpec.Access.WRITE);
      assertThat(spec.command().tellsValues(request)).as(command).isTrue();
    }
    for (String command : "SETNX k v;APPEND k v;DEL k;EXPIRE k 1".split(";", -1)) {
      Request request = KeyFixture.request(command);
      assertThat(keys.spec(request.text(0)).command().tellsValues(request)).as(command).isFalse();
    }
  }

  @Test
  void manyMissesAreReadSideBySide() {
    List<String> expected = new ArrayList<>();
    StringBuilder mget = new StringBuilder("MGET");
    for (int i = 0; i < 300; i++) {
      fixture.put("key-" + i, "v" + i);
      mget.append(" key-").append(i).append(" none-").append(i);
      expected.add("\"v" + i + '"');
      expected.add("nil");
    }
    fixture.flush();
    fixture.engine.dropClean();
    assertThat(keys.call(mget.toString())).isEqualTo(expected.toString());
    assertThat(fixture.store.loads.get()).isPositive();
  }

  @Test
  void theValuesOfOneMgetAreBounded() {
    keys.call("SET k " + "x".repeat(KeyFixture.MAX_VALUE));
    List<byte[]> words = new ArrayList<>(Collections.nCopies(16 * 1024 + 2, bytes("k")));
    words.set(0, bytes("MGET"));
    assertThat(KeyFixture.text(keys.reply(new Request(words)))).startsWith("ERR the values of one");
    assertThat(keys.reply(new Request(words.subList(0, 16 * 1024 + 1))))
        .isInstanceOf(Reply.Array.class);
  }

  @Test
  void aKeyIsBounded() {
    assertThat(keys.call("SET " + "k".repeat(513) + " v")).startsWith("ERR a key has at most 512");
    assertThat(keys.call("MGET k \u00ff")).startsWith("ERR a key is UTF-8");
    assertThat(keys.call("SET " + "k".repeat(512) + " v")).isEqualTo("OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET k v", "INCR k", "MSET k v b w", "DEL k", "GETSET k v", "FLUSHALL"})
  void aWriteThatFailsIsRepliedTo(String command) {
    fixture.put("k", "1");
    fixture.refusal = new JournalException.OutcomeOpen("the leadership has ended");
    FakePending pending = run(command);
    assertThat(KeyFixture.text(pending.reply())).isEqualTo("ERR the leadership has ended");
    assertThat(pending.failure()).isInstanceOf(EngineException.OutcomeOpen.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET k", "MGET k b", "EXISTS k", "SCAN 0", "DBSIZE", "INCR k", "SET k v"})
  void whatIsNotServedFails(String command) {
    fixture.engine.stepDown("it is stopping");
    FakePending pending = run(command);
    assertThat(pending.reply()).isInstanceOf(Reply.Failure.class);
    assertThat(pending.failure()).isInstanceOf(EngineException.NotServing.class);
  }

  @Test
  void aReplicaAnswersWhoAsksForThat() {
    fixture.put("k", "v");
    fixture.engine.follow(ReadGuard.ALWAYS);
    assertThat(run("GET k").failure()).isInstanceOf(EngineException.NotLeader.class);
    assertThat(run("MGET k b").failure()).isInstanceOf(EngineException.NotLeader.class);
    keys.session.readsReplicas(true);
    assertThat(keys.call("GET k")).isEqualTo("\"v\"");
    assertThat(keys.call("MGET k b")).isEqualTo("[\"v\", nil]");
  }

  @Test
  void withoutOthersAndADiskNothingIsPromised() {
    keys.copies = 0;
    assertThat(keys.call("WAIT 1 100")).isEqualTo("0");
    assertThat(keys.call("WAITAOF 1 0 0")).as("the journal is on disk").isEqualTo("[1, 0]");
  }

  @Test
  void everyCommandIsNamedOnce() {
    List<String> names = keys.commands.all().stream().map(CommandSpec::name).toList();
    assertThat(names).doesNotHaveDuplicates().hasSize(47);
    assertThat(names).allSatisfy(name -> assertThat(name).isEqualTo(name.toLowerCase(Locale.ROOT)));
    assertThat(keys.spec("mset"))
        .extracting(CommandSpec::lastKey, CommandSpec::step)
        .containsExactly(-1, 2);
    assertThat(keys.spec("object").firstKey()).isEqualTo(2);
    assertThat(keys.spec("scan").firstKey()).isZero();
  }

  private FakePending run(String command) {
    FakePending pending = new FakePending();
    Request request = KeyFixture.request(command);
    keys.spec(request.text(0)).command().run(request, keys.session, pending);
    return pending;
  }

  private void put(String bytes, @Nullable String type, long expiresAt) {
    fixture.write(Key.of("k"), new Value(bytes(bytes), type, expiresAt), Condition.NONE);
  }

  private Value value() {
    return Objects.requireNonNull(fixture.read(Key.of("k"), false).what().value());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
