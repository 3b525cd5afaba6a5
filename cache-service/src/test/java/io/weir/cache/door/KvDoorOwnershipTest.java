package io.weir.cache.door;

import static io.weir.cache.door.KvDoorFixture.assertProblem;
import static io.weir.cache.door.KvDoorFixture.body;
import static io.weir.cache.door.KvDoorFixture.header;
import static io.weir.cache.door.TestRequest.delete;
import static io.weir.cache.door.TestRequest.get;
import static io.weir.cache.door.TestRequest.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.ReadGuard;
import io.weir.model.ProblemType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which requests a server leaves to another. */
class KvDoorOwnershipTest {

  final KvDoorFixture fixture = new KvDoorFixture();

  @Test
  void aReplicaSendsWritesAndPlainReadsToTheLeader() {
    fixture.put("bar", "value");
    fixture.engine.follow(ReadGuard.ALWAYS);
    for (TestRequest request : List.of(TestRequest.get("bar"), put("bar", "x"), delete("bar"))) {
      assertThat(assertProblem(fixture.handle(request), ProblemType.NOT_OWNER))
          .containsEntry("owner", "http://127.0.0.1:7403")
          .containsEntry("term", 5L);
    }
    for (String consistency : List.of("linearizable", "eventual")) {
      KvResponse read =
          fixture.handle(TestRequest.get("bar").with("Weir-Consistency", consistency));
      assertThat(body(read)).isEqualTo("value");
    }
    assertProblem(
        fixture.handle(TestRequest.get("bar").with("Weir-Consistency", "strict")),
        ProblemType.BAD_REQUEST);
    fixture.ownership.leader = null;
    assertProblem(fixture.handle(put("bar", "x")), ProblemType.NOT_SERVING);
  }

  @Test
  void aKeyOfAnotherShardIsMisdirectedToItsOwner() {
    for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
      KvResponse answer = fixture.handle(TestRequest.of(method, "foo"));
      assertThat(assertProblem(answer, ProblemType.NOT_OWNER))
          .containsEntry("slot", 12182)
          .containsEntry("owner", "http://127.0.0.1:7402")
          .containsEntry("term", 3L)
          .containsEntry("topologyVersion", 7L);
    }
    assertThat(fixture.store.loads).hasValue(0);
  }

  @Test
  void anOwnerThatIsNotKnownIsNotNamed() {
    fixture.ownership.otherOwner = null;
    assertThat(assertProblem(fixture.get("foo"), ProblemType.NOT_OWNER))
        .doesNotContainKey("owner")
        .containsEntry("slot", 12182);
  }

  @Test
  void aServerThatHasNotJoinedServesNothing() {
    fixture.engine.stepDown("the server has not taken its shard yet");
    fixture.ownership.assigned = false;
    fixture.ownership.version = 0;
    for (TestRequest request : List.of(get("bar"), put("foo", "value"), delete("bar"))) {
      KvResponse answer = fixture.handle(request);
      assertThat(assertProblem(answer, ProblemType.NOT_SERVING))
          .containsEntry("detail", "the server has not taken its shard yet");
      assertThat(header(answer, "Retry-After")).isIn("2", "3", "4");
      assertThat(header(answer, "Weir-Topology-Version")).isEqualTo("0");
    }
  }

  @Test
  void aSpareSendsClientsToTheOwner() {
    fixture.engine.stepDown("this server's shard is a spare");
    fixture.ownership.ownsNothing = true;
    assertProblem(fixture.get("bar"), ProblemType.NOT_OWNER);
  }

  @Test
  void aServerThatStopsGoesOnReadingAndRefusesWrites() {
    fixture.put("bar", "value");
    fixture.engine.refuseWrites("the server is stopping");
    assertThat(fixture.get("bar").status()).isEqualTo(200);
    assertProblem(fixture.handle(put("bar", "next")), ProblemType.NOT_SERVING);
    assertProblem(fixture.handle(delete("bar")), ProblemType.NOT_SERVING);
  }
}
