package io.weir.model.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that operators' scripts read. */
class OperatorDocumentsTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void aDrain() {
    assertIs(
        new DrainReport("drained", "replica", false, 3, 2, 1),
        """
        {"state":"drained","role":"replica","refusesWrites":false,"dirtyEntries":3,\
        "quarantinedEntries":2,"memoryOnlyEntries":1}\
        """);
    assertThat(new DrainReport("drained", "replica", false, 3, 2, 1).isDrained()).isTrue();
    assertThat(new DrainReport("draining", "leader", true, 3, 2, 1).isDrained()).isFalse();
  }

  @Test
  void aFlush() {
    assertIs(
        new FlushReport(true, 4, 5),
        """
        {"flushed":true,"dirtyEntries":4,"quarantinedEntries":5}\
        """);
  }

  @Test
  void theStateOfWriteBackGivesVersionsAsText() {
    assertIs(
        new WriteBackReport(
            true,
            1,
            2,
            3,
            4,
            false,
            5,
            List.of(new WriteBackReport.Row("k", Long.MAX_VALUE, "too long", 6))),
        """
        {"serving":true,"dirtyEntries":1,"dirtyBytes":2,"maxDirtyBytes":3,\
        "oldestDirtyAgeMillis":4,"databaseTakesWrites":false,"quarantinedEntries":5,\
        "quarantined":[{"key":"k","version":"9223372036854775807","reason":"too long",\
        "attempts":6}]}\
        """);
  }

  @Test
  void theStateOfWriteBackMayComeWithoutTheRows() {
    assertThat(JSON.readValue("{\"serving\":true}", WriteBackReport.class))
        .isEqualTo(new WriteBackReport(true, 0, 0, 0, 0, false, 0, List.of()));
  }

  @Test
  void theQuarantineGivesVersionsAsTextAndLeavesOutWhatARowHasNot() {
    RefusedRow put =
        new RefusedRow("k", 7, 42, "put", "why", 1, 2, 3, 4, "text/x", NOON, "v", "dg==");
    RefusedRow delete =
        new RefusedRow("k", 7, 43, "delete", "why", 1, 2, 3, 0, null, null, null, null);
    assertThat(put.isDelete()).isFalse();
    assertThat(delete.isDelete()).isTrue();
    assertIs(
        new QuarantineReport(2, 90, List.of(put, delete)),
        """
        {"entries":2,"bytes":90,"rows":[\
        {"key":"k","slot":7,"version":"42","operation":"put","reason":"why","attempts":1,\
        "ageMillis":2,"nextTryMillis":3,"valueBytes":4,"contentType":"text/x",\
        "expiresAt":"2026-01-02T12:00:00Z","value":"v","valueBase64":"dg=="},\
        {"key":"k","slot":7,"version":"43","operation":"delete","reason":"why","attempts":1,\
        "ageMillis":2,"nextTryMillis":3,"valueBytes":0}]}\
        """);
  }

  @Test
  void aPageOfEntriesGivesVersionsAsNumbers() {
    assertIs(
        new EntryPage(
            List.of(
                new EntryPage.Line("a", "1", null, "text/x", NOON, 42),
                new EntryPage.Line("b", null, "/w==", null, null, Long.MAX_VALUE)),
            "b"),
        """
        {"entries":[{"key":"a","value":"1","contentType":"text/x",\
        "expiresAt":"2026-01-02T12:00:00Z","version":42},\
        {"key":"b","valueBase64":"/w==","version":9223372036854775807}],"next":"b"}\
        """);
  }

  private static void assertIs(Object document, String json) {
    assertThat(JSON.writeValueAsString(document)).isEqualTo(json);
    assertThat(JSON.readValue(json, document.getClass())).isEqualTo(document);
  }
}
