package io.weir.cache.door;

import static io.weir.cache.door.KvDoorFixture.assertProblem;
import static io.weir.cache.door.KvDoorFixture.body;
import static io.weir.cache.door.KvDoorFixture.header;
import static io.weir.cache.door.KvDoorFixture.headers;
import static io.weir.cache.door.TestRequest.delete;
import static io.weir.cache.door.TestRequest.get;
import static io.weir.cache.door.TestRequest.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ProblemType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads and writes on the condition of a version. */
class KvDoorConditionsTest {

  final KvDoorFixture fixture = new KvDoorFixture();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {"%s", "W/%s", "'\"1\", %s'", "%s  ,\"1\"", "*", "'  *  '", "'\"1\",W/%s,\"2\"'"})
  void aReadOfAKnownVersionIsNotModified(String form) {
    String tag = fixture.put("bar", "value");
    KvResponse read = fixture.handle(get("bar").with("If-None-Match", form.formatted(tag)));
    assertThat(read.status()).isEqualTo(304);
    assertThat(read.value()).isNull();
    assertThat(headers(read))
        .isEqualTo(
            Map.of(
                "ETag", tag,
                "Cache-Status", "weir; hit",
                "Cache-Control", "no-cache",
                "Vary", "Weir-Consistency, Authorization",
                "Weir-Topology-Version", "7"));
  }

  @Test
  void aRowThatTheShardDidNotWriteIsAtVersionZeroAndMayBeWrittenOnThatCondition() {
    fixture.row("bar", 1L << 62, "foreign");
    KvResponse read = fixture.get("bar");
    assertThat(header(read, "ETag")).isEqualTo("\"0\"");
    assertThat(body(read)).isEqualTo("foreign");
    assertProblem(
        fixture.handle(put("bar", "x").with("If-Match", "\"4611686018427387904\"")),
        ProblemType.PRECONDITION_FAILED);
    assertProblem(
        fixture.handle(put("bar", "x").with("If-None-Match", "*")),
        ProblemType.PRECONDITION_FAILED);

    assertThat(fixture.handle(put("bar", "new").with("If-Match", "\"0\"")).status()).isEqualTo(204);

    assertThat(body(fixture.get("bar"))).isEqualTo("new");
    assertProblem(
        fixture.handle(put("bar", "x").with("If-Match", "\"0\"")), ProblemType.PRECONDITION_FAILED);
    assertProblem(
        fixture.handle(put("hello", "x").with("If-Match", "\"0\"")),
        ProblemType.PRECONDITION_FAILED);
  }

  @Test
  void aReadOfAnotherVersionIsAnsweredWhole() {
    fixture.put("bar", "value");
    KvResponse read = fixture.handle(get("bar").with("If-None-Match", "\"1\", W/\"2\""));
    assertThat(read.status()).isEqualTo(200);
    assertThat(body(read)).isEqualTo("value");
  }

  @Test
  void aReadOfAnAbsentKeyIsNeverNotModified() {
    assertProblem(fixture.handle(get("bar").with("If-None-Match", "*")), ProblemType.NOT_FOUND);
  }

  @Test
  void aReadOnConditionOfItsVersionIsConditional() {
    String tag = fixture.put("bar", "value");
    assertThat(fixture.handle(get("bar").with("If-Match", tag)).status()).isEqualTo(200);
    KvResponse failed = fixture.handle(get("bar").with("If-Match", "\"1\""));
    assertProblem(failed, ProblemType.PRECONDITION_FAILED);
    assertThat(header(failed, "Cache-Status")).isEqualTo("weir; hit");
    assertProblem(
        fixture.handle(get("hello").with("If-Match", "*")), ProblemType.PRECONDITION_FAILED);
  }

  @Test
  void aWriteOnConditionOfTheVersionPassesOnce() {
    String first = fixture.put("bar", "first");
    String list = "\"1\", " + first;
    assertThat(fixture.handle(put("bar", "second").with("If-Match", list)).status()).isEqualTo(204);

    KvResponse failed = fixture.handle(put("bar", "third").with("If-Match", list));
    String second = header(fixture.get("bar"), "ETag");
    assertThat(assertProblem(failed, ProblemType.PRECONDITION_FAILED))
        .containsEntry("currentVersion", second.replace("\"", ""));
    assertThat(body(fixture.get("bar"))).isEqualTo("second");

    assertThat(fixture.handle(delete("bar").with("If-Match", second)).status()).isEqualTo(204);
    assertProblem(
        fixture.handle(delete("bar").with("If-Match", second)), ProblemType.PRECONDITION_FAILED);
  }

  @Test
  void anyVersionWillDoForAStar() {
    KvResponse absent = fixture.handle(put("bar", "value").with("If-Match", "*"));
    assertThat(assertProblem(absent, ProblemType.PRECONDITION_FAILED))
        .containsEntry("detail", "the key is absent")
        .doesNotContainKey("currentVersion");
    fixture.put("bar", "value");
    assertThat(fixture.handle(put("bar", "next").with("If-Match", "*")).status()).isEqualTo(204);
  }

  @Test
  void aWriteOfAnAbsentKeyPassesOnce() {
    TestRequest create = put("bar", "value").with("If-None-Match", "*");
    assertThat(fixture.handle(create).status()).isEqualTo(204);
    assertProblem(fixture.handle(create), ProblemType.PRECONDITION_FAILED);
    fixture.handle(delete("bar"));
    assertThat(fixture.handle(create).status()).isEqualTo(204);
  }

  @Test
  void aWriteUnlessTheVersionIsOneOfAListIsConditional() {
    String tag = fixture.put("bar", "value");
    assertProblem(
        fixture.handle(put("bar", "next").with("If-None-Match", "\"1\", " + tag)),
        ProblemType.PRECONDITION_FAILED);
    assertThat(fixture.handle(put("bar", "next").with("If-None-Match", "\"1\"")).status())
        .isEqualTo(204);
  }

  @Test
  void aWeakTagProtectsNoWrite() {
    String tag = fixture.put("bar", "value");
    assertProblem(
        fixture.handle(put("bar", "next").with("If-Match", "W/" + tag)),
        ProblemType.PRECONDITION_FAILED);
    assertProblem(
        fixture.handle(put("bar", "next").with("If-None-Match", "W/" + tag)),
        ProblemType.PRECONDITION_FAILED);
  }

  @Test
  void aConditionAsksTheDatabaseForAKeyThatIsNotResident() {
    fixture.row("bar", 42, "value");
    assertProblem(
        fixture.handle(put("bar", "next").with("If-None-Match", "*")),
        ProblemType.PRECONDITION_FAILED);
    fixture.row("hello", 43, "value");
    assertThat(fixture.handle(put("hello", "next").with("If-Match", "\"43\"")).status())
        .isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s,,\"2\"", ",%s", " , ,\t%s , ", "%s,", "\"1\",%s,W/\"2\""})
  void theElementsOfAListMayBeEmpty(String form) {
    String tag = fixture.put("bar", "value");
    assertThat(fixture.handle(get("bar").with("If-Match", form.formatted(tag))).status())
        .isEqualTo(200);
    assertThat(fixture.handle(get("bar").with("If-None-Match", form.formatted(tag))).status())
        .isEqualTo(304);
  }

  @Test
  void aConditionThatIsTooLongIsRefusedInFewWords() {
    String spaces = "x" + " ".repeat(1_000_000) + "x";
    for (String value : List.of(spaces, "\"" + "1".repeat(9_000) + "\"")) {
      assertThat(
              assertProblem(
                  fixture.handle(put("bar", "next").with("If-Match", value)),
                  ProblemType.BAD_REQUEST))
          .extracting("detail")
          .asString()
          .startsWith("If-Match has at most 8192 characters");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "42", "\"42", "42\"", "\"1\" \"2\"", "*, \"1\"", "w/\"1\"", ",", "a\"1\""})
  void aConditionThatIsNoListOfTagsIsRefused(String value) {
    fixture.put("bar", "value");
    for (String field : List.of("If-Match", "If-None-Match")) {
      for (TestRequest request : List.of(get("bar"), put("bar", "next"), delete("bar"))) {
        assertThat(
                assertProblem(fixture.handle(request.with(field, value)), ProblemType.BAD_REQUEST))
            .extracting("detail")
            .asString()
            .startsWith(field + " is * or a list of quoted versions");
      }
    }
    assertThat(body(fixture.get("bar"))).isEqualTo("value");
  }
}
