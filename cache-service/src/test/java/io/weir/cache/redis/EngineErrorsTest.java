package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.journal.JournalException;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class EngineErrorsTest {

  private static final Key KEY = Key.of("k");

  private final RespFixture.TestRoutes routes = new RespFixture.TestRoutes();
  private final EngineErrors errors = new EngineErrors(routes, () -> routes.starting);
  private final EngineFixture engine = EngineFixture.of(EngineFixture.settings());

  /** The failure of a write through the journal. */
  private EngineException failure() {
    return catchThrowableOfType(
        EngineException.class,
        () ->
            engine.engine.write(KEY, EngineFixture.value("v"), Condition.NONE, Durability.JOURNAL));
  }

  private String text(RuntimeException failure) {
    return errors.of(failure, KEY.slot(), false) instanceof Reply.Failure(String text) ? text : "";
  }

  @Test
  void anUnknownOutcomeIsNothingToRepeat() {
    engine.refusal = new JournalException.OutcomeOpen("the leader stopped");
    assertThat(text(failure())).isEqualTo("ERR outcome unknown: the leader stopped");
  }

  @Test
  void whatCanBeTriedAgainIsSaidToBe() {
    engine.refusal = new JournalException.QueueFull("much waits");
    assertThat(text(failure())).startsWith("TRYAGAIN ");
    engine.engine.journalIsFull("the journal's disk is full");
    assertThat(text(failure())).isEqualTo("TRYAGAIN the journal's disk is full");
    assertThat(text(new DatabaseBehindException("it lags", false))).isEqualTo("TRYAGAIN it lags");
  }

  @Test
  void aReplicaSendsToTheLeaderOrSaysThatThereIsNone() {
    engine.engine.follow(ReadGuard.ALWAYS);
    EngineException notLeader =
        catchThrowableOfType(EngineException.NotLeader.class, () -> engine.get("k"));
    assertThat(text(notLeader)).startsWith("CLUSTERDOWN ");
    Reply moved = new Reply.Failure("MOVED 1 other:1");
    routes.misdirected.put(KEY.slot(), moved);
    assertThat(errors.of(notLeader, KEY.slot(), false)).isEqualTo(moved);
  }

  @Test
  void aServerThatHasNotServedYetIsLoading() {
    assertThat(text(new EngineException.NotServing("not yet"))).isEqualTo("CLUSTERDOWN not yet");
    routes.starting = true;
    assertThat(text(new EngineException.NotServing("not yet"))).isEqualTo("LOADING not yet");
  }

  @Test
  void whereTheDatabaseIsNobodyIsTold() {
    assertThat(text(new StoreUnavailableException("10.0.0.7 refuses", new IOException())))
        .isEqualTo("ERR the database does not serve");
    assertThat(text(new IllegalStateException("secret")))
        .isEqualTo("ERR the server failed; its log says more");
  }
}
