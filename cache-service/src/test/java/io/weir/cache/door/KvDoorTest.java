package io.weir.cache.door;

import static io.weir.cache.door.KvDoorFixture.MAX_VALUE_BYTES;
import static io.weir.cache.door.KvDoorFixture.assertProblem;
import static io.weir.cache.door.KvDoorFixture.body;
import static io.weir.cache.door.KvDoorFixture.header;
import static io.weir.cache.door.KvDoorFixture.headers;
import static io.weir.cache.door.TestRequest.delete;
import static io.weir.cache.door.TestRequest.get;
import static io.weir.cache.door.TestRequest.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.ReadGuard;
import io.weir.cache.kv.Value;
import io.weir.cache.store.OtherDatabaseException;
import io.weir.cache.store.RowTooLargeException;
import io.weir.model.ByteSize;
import io.weir.model.Key;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvDoorTest {

  final KvDoorFixture fixture = new KvDoorFixture();

  @Test
  void aMissThatFindsARowIsStoredAndThenHit() {
    fixture.row("bar", 42, "value");

    KvResponse miss = fixture.get("bar");
    assertThat(miss.status()).isEqualTo(200);
    assertThat(body(miss)).isEqualTo("value");
    assertThat(miss.contentType()).isEqualTo("text/plain");
    assertThat(headers(miss))
        .isEqualTo(
            Map.of(
                "ETag", "\"42\"",
                "Cache-Status", "weir; fwd=miss; stored",
                "Cache-Control", "no-cache",
                "Vary", "Weir-Consistency, Authorization",
                "Weir-Topology-Version", "7"));

    KvResponse hit = fixture.get("bar");
    assertThat(body(hit)).isEqualTo("value");
    assertThat(headers(hit)).containsEntry("Cache-Status", "weir; hit");
    assertThat(fixture.store.loads).hasValue(1);
  }

  @Test
  void aMissThatFindsNoRowIsRememberedToo() {
    KvResponse miss = fixture.get("bar");
    assertProblem(miss, ProblemType.NOT_FOUND);
    assertThat(header(miss, "Cache-Status")).isEqualTo("weir; fwd=miss; stored");
    assertThat(header(fixture.get("bar"), "Cache-Status")).isEqualTo("weir; hit");
    assertThat(fixture.store.loads).hasValue(1);
  }

  @Test
  void aRowThatFindsNoRoomIsNotSaidToBeStored() {
    fixture.row("bar", 42, "x".repeat(2 << 20));
    KvResponse miss = fixture.get("bar");
    assertThat(miss.status()).isEqualTo(200);
    assertThat(header(miss, "Cache-Status")).isEqualTo("weir; fwd=miss");
  }

  @Test
  void aReloadAsksTheDatabaseAlthoughTheKeyIsResident() {
    fixture.row("bar", 42, "old");
    fixture.get("bar");
    fixture.row("bar", 43, "new");
    assertThat(body(fixture.get("bar"))).isEqualTo("old");

    KvResponse reload = fixture.handle(get("bar").with("Cache-Control", "max-age=0, No-Cache"));
    assertThat(body(reload)).isEqualTo("new");
    assertThat(header(reload, "Cache-Status")).isEqualTo("weir; fwd=request; stored");
  }

  @Test
  void aReloadNeverLosesADirtyValue() {
    fixture.put("bar", "dirty");
    KvResponse reload = fixture.handle(get("bar").with("Cache-Control", "no-cache"));
    assertThat(body(reload)).isEqualTo("dirty");
    assertThat(header(reload, "Cache-Status")).isEqualTo("weir; hit");
  }

  @Test
  void headIsAnsweredAsGetIs() {
    fixture.put("bar", "value");
    KvResponse head = fixture.handle(TestRequest.of("HEAD", "bar"));
    assertThat(head).isEqualTo(fixture.get("bar"));
    assertProblem(fixture.handle(TestRequest.of("HEAD", "hello")), ProblemType.NOT_FOUND);
  }

  @Test
  void aPutIsAcknowledgedWithItsVersionAndNeverReadsTheDatabase() {
    KvResponse put = fixture.handle(put("bar", "value"));
    assertThat(put.status()).isEqualTo(204);
    assertThat(headers(put))
        .isEqualTo(
            Map.of(
                "ETag", header(fixture.get("bar"), "ETag"),
                "Weir-Durability", "memory",
                "Weir-Topology-Version", "7"));
    assertThat(put.value()).isNull();
    assertThat(fixture.put("bar", "again")).isNotEqualTo(header(put, "ETag"));
    assertThat(body(fixture.get("bar"))).isEqualTo("again");
    assertThat(fixture.store.loads).hasValue(0);
  }

  @Test
  void aDeleteIsAcknowledgedWhetherTheKeyWasThereOrNot() {
    fixture.put("bar", "value");
    for (int i = 0; i < 2; i++) {
      KvResponse delete = fixture.handle(delete("bar"));
      assertThat(delete.status()).isEqualTo(204);
      assertThat(headers(delete))
          .isEqualTo(Map.of("Weir-Durability", "memory", "Weir-Topology-Version", "7"));
      assertProblem(fixture.get("bar"), ProblemType.NOT_FOUND);
    }
    assertThat(fixture.store.loads).hasValue(0);
  }

  @Test
  void anEmptyValueIsAValue() {
    fixture.put("bar", "");
    assertThat(fixture.get("bar").status()).isEqualTo(200);
    assertThat(body(fixture.get("bar"))).isEmpty();
  }

  @Test
  void aValueIsAbsentFromTheMillisecondItExpires() {
    assertThat(fixture.handle(put("bar?ttl=60s", "value")).status()).isEqualTo(204);
    fixture.clock.advance(Duration.ofMillis(59_999));
    assertThat(fixture.get("bar").status()).isEqualTo(200);
    fixture.clock.advance(Duration.ofMillis(1));
    assertProblem(fixture.get("bar"), ProblemType.NOT_FOUND);
    assertThat(fixture.handle(put("bar", "next").with("If-None-Match", "*")).status())
        .isEqualTo(204);
    fixture.clock.advance(Duration.ofDays(10_000));
    assertThat(fixture.get("bar").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttl=1ms", "ttl=5m", "ttl=PT1H", "ttl=36500d", "ttl=%36%30s", ""})
  void aTtlIsADuration(String query) {
    assertThat(fixture.handle(put("bar?" + query, "value")).status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ttl",
        "ttl=",
        "ttl=0",
        "ttl=500us",
        "ttl=-1s",
        "ttl=soon",
        "ttl=36501d",
        "ttl=999999999999d",
        "ttl=PT9223372036854775807S",
        "ttl=%zz",
        "ttl=1s&ttl=2s",
        "TTL=1s",
        "ttl=1s&x=1",
        "x=1",
        "&",
      })
  void anyOtherParameterOfAPutIsRefused(String query) {
    assertProblem(fixture.handle(put("bar?" + query, "value")), ProblemType.BAD_REQUEST);
    assertProblem(fixture.get("bar"), ProblemType.NOT_FOUND);
  }

  @Test
  void otherMethodsTakeNoParameters() {
    for (String method : List.of("GET", "HEAD", "DELETE")) {
      assertProblem(fixture.handle(TestRequest.of(method, "bar?ttl=1s")), ProblemType.BAD_REQUEST);
    }
  }

  @Test
  void theContentTypeComesBackAsItWasPut() {
    String type = "application/vnd.weir+json;  Charset=\"UTF-8\"";
    fixture.handle(put("bar", "{}").with("Content-Type", type));
    assertThat(fixture.get("bar").contentType()).isEqualTo(type);
  }

  @Test
  void aContentTypeThatNoHeaderCanHoldIsNotGivenBack() {
    fixture.store.insert(
        Key.of("bar"), 42, new Value(new byte[1], "text/x\r\nSet-Cookie: a=b", Value.NEVER));
    assertThat(fixture.get("bar").contentType()).isEqualTo("application/octet-stream");
  }

  @Test
  void aValueThatIsEncodedForItsWayIsRefused() {
    for (String coding :
        List.of("gzip", "GZIP, identity", "aws-chunked", "identity, br", ", gzip")) {
      KvResponse answer =
          fixture.handle(
              put("bar", "v").with("Content-Encoding", coding).unreadable(new BodyWasRead()));
      assertProblem(answer, ProblemType.UNSUPPORTED_MEDIA_TYPE);
      assertThat(answer.problem().detail())
          .isEqualTo(
              "a value is kept without a Content-Encoding, so it must come without one; got "
                  + coding);
      assertThat(header(answer, "Accept-Encoding")).isEqualTo("identity");
    }
    for (String none : List.of("Identity", "", " ", " identity , identity", ",")) {
      assertThat(fixture.handle(put("bar", "v").with("Content-Encoding", none)).status())
          .as(none)
          .isEqualTo(204);
    }
  }

  @Test
  void aPartReplacesNoValue() {
    fixture.put("bar", "whole");
    TestRequest part =
        put("bar", "part").with("Content-Range", "bytes 3-6/7").unreadable(new BodyWasRead());
    assertProblem(fixture.handle(part), ProblemType.BAD_REQUEST);
    assertThat(body(fixture.get("bar"))).isEqualTo("whole");
  }

  @Test
  void whatIsRefusedWithoutItsBodyIsNotReadFirst() {
    TestRequest put = put("bar", "v").unreadable(new BodyWasRead());
    fixture.engine.refuseWrites("the server is stopping");
    assertProblem(fixture.handle(put), ProblemType.NOT_SERVING);
    fixture.engine.follow(ReadGuard.ALWAYS);
    assertProblem(fixture.handle(put), ProblemType.NOT_OWNER);
    fixture.lead();
    for (int i = 0; fixture.handle(put("{bar}" + i, "value")).status() == 204; i++) {
      assertThat(i).isLessThan(1_000);
    }
    // Whatever the value will be, it takes more than none.
    for (int i = 0; fixture.handle(delete("b{bar}" + i)).status() == 204; i++) {
      assertThat(i).isLessThan(10);
    }
    assertProblem(fixture.handle(put), ProblemType.TOO_MUCH_DIRTY);
    assertThat(fixture.handle(put("{bar}0", "other")).status())
        .as("a value in place of a dirty one, which needs no room")
        .isEqualTo(204);
  }

  /** Thrown where a body is read that must not be. */
  private static final class BodyWasRead extends IllegalStateException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void aCacheOnTheWayMayKeepWhatTellsOfTheEntryAndAsksAboutItAgain() {
    String tag = fixture.put("bar", "value");
    List<KvResponse> answers =
        List.of(
            fixture.get("bar"),
            fixture.get("{bar}absent"),
            fixture.handle(TestRequest.get("bar").with("If-None-Match", tag)),
            fixture.handle(TestRequest.get("bar").with("If-Match", "\"1\"")),
            fixture.handle(TestRequest.get("bar").with("Weir-Consistency", "eventual")));
    assertThat(answers).extracting(KvResponse::status).containsExactly(200, 404, 304, 412, 200);
    for (KvResponse answer : answers) {
      assertThat(headers(answer))
          .containsEntry("Cache-Control", "no-cache")
          .containsEntry("Vary", "Weir-Consistency, Authorization");
    }
  }

  @Test
  void aRowThatIsTooLargeToBeReadIsNamedAndCanBeReplaced() {
    fixture.store.beforeLoad =
        key -> {
          throw new RowTooLargeException(key, 1L << 40, ByteSize.ofMiB(32));
        };
    assertThat(assertProblem(fixture.get("bar"), ProblemType.ROW_TOO_LARGE))
        .extracting("detail")
        .asString()
        .contains("'bar'", "1099511627776 bytes");
    assertThat(fixture.handle(put("bar", "small")).status()).isEqualTo(204);
    assertThat(body(fixture.get("bar"))).isEqualTo("small");
  }

  @Test
  void aCacheOnTheWayKeepsNoOtherError() {
    fixture.store.goDown();
    List<KvResponse> answers =
        List.of(
            fixture.get("foo"),
            fixture.get("{bar}miss"),
            fixture.get("bar?x"),
            fixture.handle(TestRequest.of("POST", "bar")));
    assertThat(answers).extracting(KvResponse::status).containsExactly(421, 503, 400, 405);
    for (KvResponse answer : answers) {
      assertThat(headers(answer)).containsEntry("Cache-Control", "no-store");
    }
    assertThat(headers(fixture.handle(put("bar", "v")))).doesNotContainKey("Cache-Control");
  }

  @Test
  void clientsThatAreRefusedTogetherDoNotComeAgainTogether() {
    fixture.store.goDown();
    Set<String> seconds = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      seconds.add(header(fixture.get("{bar}miss"), "Retry-After"));
    }
    assertThat(seconds).containsExactly("2", "3", "4");
  }

  @Test
  void aValuePutWithoutAContentTypeIsBytes() {
    fixture.put("bar", "value");
    fixture.handle(put("hello", "value").with("Content-Type", " "));
    assertThat(fixture.get("bar").contentType()).isEqualTo("application/octet-stream");
    assertThat(fixture.get("hello").contentType()).isEqualTo("application/octet-stream");
  }

  @Test
  void aContentTypeThatCannotBeStoredIsRefused() {
    String longest = "text/" + "x".repeat(250);
    assertThat(fixture.handle(put("bar", "v").with("Content-Type", longest)).status())
        .isEqualTo(204);
    for (String type : List.of(longest + "x", "text/plain\u0001", "text/pläin")) {
      assertProblem(
          fixture.handle(put("bar", "v").with("Content-Type", type)), ProblemType.BAD_REQUEST);
    }
  }

  @Test
  void aValueHasABound() {
    String largest = "x".repeat(MAX_VALUE_BYTES);
    assertThat(fixture.handle(put("bar", largest)).status()).isEqualTo(204);
    KvResponse tooLarge = fixture.handle(put("bar", largest + "x"));
    assertThat(assertProblem(tooLarge, ProblemType.VALUE_TOO_LARGE))
        .containsEntry("maxBytes", MAX_VALUE_BYTES);
    assertThat(body(fixture.get("bar"))).isEqualTo(largest);
  }

  @Test
  void aBodyThatDoesNotArriveWholeIsNotWritten() {
    TestRequest request =
        put("bar", "value").unreadable(new UnreadableBodyException(new IOException("reset")));
    assertProblem(fixture.handle(request), ProblemType.BAD_REQUEST);
    assertProblem(fixture.get("bar"), ProblemType.NOT_FOUND);
  }

  @Test
  void theDurabilityThatIsThereMayBeAskedFor() {
    KvResponse put = fixture.handle(put("bar", "value").with("Weir-Durability", " Memory"));
    assertThat(header(put, "Weir-Durability")).isEqualTo("memory");
  }

  @Test
  void aWriteIsNeverWeakerThanItAsksFor() {
    assertThat(
            header(
                fixture.handle(put("bar", "value").with("Weir-Durability", "journal")),
                "Weir-Durability"))
        .isEqualTo("journal");
    // The key's earlier write is journalled, and not in the database: memory alone would not do.
    assertThat(
            header(
                fixture.handle(put("bar", "value").with("Weir-Durability", "memory")),
                "Weir-Durability"))
        .isEqualTo("journal");
  }

  @Test
  void aDurabilityThatThereIsNotIsRefused() {
    for (TestRequest request : List.of(put("bar", "value"), delete("bar"))) {
      assertThat(
              assertProblem(
                  fixture.handle(request.with("Weir-Durability", "disk")), ProblemType.BAD_REQUEST))
          .containsEntry(
              "detail", "Weir-Durability: a durability is 'memory' or 'journal', got 'disk'");
    }
    assertThat(fixture.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void aWriteIsRefusedWhenTooMuchIsDirtyAndPassesOnceThatIsFlushed() throws InterruptedException {
    String value = "x".repeat(MAX_VALUE_BYTES);
    int written = 0;
    KvResponse answer;
    while ((answer = fixture.handle(put("{bar}" + written, value))).status() == 204) {
      written++;
    }
    assertThat(assertProblem(answer, ProblemType.TOO_MUCH_DIRTY)).containsKey("detail");
    assertThat(written).isPositive();
    assertThat(fixture.get("{bar}0").status()).isEqualTo(200);
    assertProblem(fixture.get("{bar}" + written), ProblemType.NOT_FOUND);

    fixture.flush();
    assertThat(fixture.handle(put("{bar}" + written, value)).status()).isEqualTo(204);
  }

  @Test
  void whatIsResidentIsReadWithoutTheDatabase() {
    fixture.row("bar", 42, "clean");
    fixture.get("bar");
    fixture.put("{bar}2", "dirty");
    fixture.get("{bar}3");
    fixture.store.goDown();

    assertThat(body(fixture.get("bar"))).isEqualTo("clean");
    assertThat(body(fixture.get("{bar}2"))).isEqualTo("dirty");
    assertProblem(fixture.get("{bar}3"), ProblemType.NOT_FOUND);
    assertThat(fixture.handle(put("{bar}4", "blind")).status()).isEqualTo(204);

    KvResponse miss = fixture.get("{bar}5");
    assertProblem(miss, ProblemType.STORE_UNAVAILABLE);
    assertProblem(
        fixture.handle(put("{bar}5", "value").with("If-None-Match", "*")),
        ProblemType.STORE_UNAVAILABLE);

    fixture.store.heal();
    assertProblem(fixture.get("{bar}5"), ProblemType.NOT_FOUND);
  }

  @Test
  void aReplicaOfAnotherDatabaseSaysSo() {
    fixture.store.beforeLoad =
        key -> {
          throw new OtherDatabaseException("its leader has another one");
        };
    KvResponse miss = fixture.get("bar");
    assertProblem(miss, ProblemType.DATABASE_DIFFERS);
  }

  @Test
  void whatTheDatabaseFailsWithIsNotTold() {
    fixture.store.beforeLoad =
        key -> {
          throw new IllegalStateException("a secret of the server");
        };
    KvResponse answer = fixture.get("bar");
    assertThat(assertProblem(answer, ProblemType.INTERNAL_ERROR).get("detail"))
        .asString()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "OPTIONS", "TRACE", "get"})
  void anyOtherMethodIsRefusedWithThoseThatAreAllowed(String method) {
    KvResponse answer = fixture.handle(TestRequest.of(method, "bar"));
    assertProblem(answer, ProblemType.METHOD_NOT_ALLOWED);
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD, PUT, DELETE");
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    for (String raw : List.of("", "%", "%4", "%zz", "%FF", "k".repeat(Key.MAX_BYTES + 1))) {
      for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
        assertProblem(fixture.handle(TestRequest.of(method, raw)), ProblemType.INVALID_KEY);
      }
    }
  }

  @Test
  void aKeyIsEverythingDecodedOnce() {
    fixture.put("{bar}%2F..//;a%253D", "value");
    assertThat(body(fixture.get("{bar}/..%2F/%3Ba%253D"))).isEqualTo("value");
  }

  @Test
  void whatADoorCannotMakeARequestOfIsRefusedLikewise() {
    KvResponse refused = fixture.door.refuse(Problem.of(ProblemType.BAD_REQUEST, "no"));
    assertProblem(refused, ProblemType.BAD_REQUEST);
    assertThat(header(refused, "Weir-Topology-Version")).isEqualTo("7");
  }
}
