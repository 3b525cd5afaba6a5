package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Servers and masters of different releases speak to each other: the JSON is pinned here. */
class ServerFiguresTest {

  /** What a master reads a registration with. */
  private static final JsonMapper MASTERS =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private static final String BUSY =
      "{\"getsPerSecond\":1.5,\"putsPerSecond\":2.5,\"hitRatio\":0.75,\"entries\":4,\"bytes\":5,"
          + "\"maxBytes\":6,\"dirtyEntries\":7,\"dirtyBytes\":8,\"oldestDirtyAgeSeconds\":9.5,"
          + "\"lossBoundEntries\":10,\"lossBoundBytes\":11,\"lossBoundAgeSeconds\":12.5,"
          + "\"flushesPerSecond\":13.5,\"rowsFlushed\":14,\"coalesced\":15,\"quarantined\":16,"
          + "\"shed\":17,\"missingFlushes\":18,\"journalFull\":true,"
          + "\"recentSeconds\":300.5,\"recentWrites\":2000,"
          + "\"recentRows\":21,\"recentCommits\":10,\"recentStatements\":40,"
          + "\"recentCommitsPerThousandWrites\":5.0,\"recentRowsPerCommit\":2.1,"
          + "\"recentStatementsPerThousandWrites\":20.0,\"waitingServers\":22}";

  private static final String IDLE =
      "{\"getsPerSecond\":0.0,\"putsPerSecond\":0.0,\"hitRatio\":null,\"entries\":0,\"bytes\":0,"
          + "\"maxBytes\":0,\"dirtyEntries\":0,\"dirtyBytes\":0,\"oldestDirtyAgeSeconds\":0.0,"
          + "\"lossBoundEntries\":0,\"lossBoundBytes\":0,\"lossBoundAgeSeconds\":0.0,"
          + "\"flushesPerSecond\":0.0,\"rowsFlushed\":0,\"coalesced\":0,\"quarantined\":0,"
          + "\"shed\":0,\"missingFlushes\":0,\"journalFull\":false,"
          + "\"recentSeconds\":0.0,\"recentWrites\":0,"
          + "\"recentRows\":0,\"recentCommits\":0,\"recentStatements\":0,"
          + "\"recentCommitsPerThousandWrites\":null,\"recentRowsPerCommit\":null,"
          + "\"recentStatementsPerThousandWrites\":null,\"waitingServers\":0}";

  private static final ServerFigures FIGURES =
      new ServerFigures(
          new ServerFigures.Traffic(1.5, 2.5, 0.75),
          new ServerFigures.Resident(4, 5, 6),
          new ServerFigures.Dirty(7, 8, 9.5),
          new ServerFigures.LossBound(10, 11, 12.5),
          new ServerFigures.Flushed(13.5, 14, 15, 16, 17),
          new ServerFigures.Database(18),
          new ServerFigures.Disk(true),
          new Spared(300.5, 2_000, 21, 10, 40),
          new ServerFigures.Group(22));

  @Test
  void theyAreOneFlatObject() {
    assertThat(MASTERS.writeValueAsString(FIGURES)).isEqualTo(BUSY);
    assertThat(MASTERS.readValue(BUSY, ServerFigures.class)).isEqualTo(FIGURES);
  }

  @Test
  void aServerThatHasServedNothingSaysSo() {
    assertThat(MASTERS.writeValueAsString(ServerFigures.NONE)).isEqualTo(IDLE);
    assertThat(MASTERS.readValue(IDLE, ServerFigures.class)).isEqualTo(ServerFigures.NONE);
  }

  @Test
  void whatAnotherReleaseLeavesOutIsZeroAndWhatItAddsIsPassedOver() {
    assertThat(MASTERS.readValue("{}", ServerFigures.class)).isEqualTo(ServerFigures.NONE);
    assertThat(MASTERS.readValue(BUSY.replace("{", "{\"heat\":{\"a\":[1]},"), ServerFigures.class))
        .isEqualTo(FIGURES);
  }

  @ParameterizedTest
  @CsvSource({
    "getsPerSecond\":1.5, getsPerSecond\":-1.5, 'getsPerSecond is 0 or more, got -1.5'",
    "AgeSeconds\":9.5, AgeSeconds\":-1, 'oldestDirtyAgeSeconds is 0 or more, got -1.0'",
    "AgeSeconds\":12.5, AgeSeconds\":-1, 'lossBoundAgeSeconds is 0 or more, got -1.0'",
    "flushesPerSecond\":13.5, flushesPerSecond\":-1, 'flushesPerSecond is 0 or more, got -1.0'",
    "recentSeconds\":300.5, recentSeconds\":-1, 'recentSeconds is 0 or more, got -1.0'",
    "hitRatio\":0.75, hitRatio\":1.5, 'hitRatio is 0 to 1, got 1.5'"
  })
  void whatNoServerCanMeanIsRefused(String what, String by, String sentence) {
    String json = BUSY.replace(what, by);
    assertThatThrownBy(() -> MASTERS.readValue(json, ServerFigures.class))
        .hasRootCauseMessage(sentence);
  }
}
