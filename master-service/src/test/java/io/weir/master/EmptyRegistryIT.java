package io.weir.master;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ClusterId;
import io.weir.model.RegistrationResponse;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.TopologyState;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole masters over a registry in which nobody has ever registered. */
@Timeout(300)
class EmptyRegistryIT {

  private static final SlotRange ALL = new SlotRange(0, 16383);

  @Test
  void aSpareThatComesFirstIsToldToWaitUntilTheClusterThatIsThereIsKnown() {
    ClusterId cluster = ClusterId.random();
    try (RunningMaster master = RunningMaster.alone("--weir.master.found=false")) {
      HttpResponse<String> answer = master.tryRegister(node("spare").of(shard(9)).joining());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).get().isIn("1", "2");
      assertThat(answer.body())
          .contains("urn:weir:problem:no-cluster")
          .contains("weir.master.found=true");
      assertThat(master.get("/caches").body()).contains("\"waiting\":\"The registry is empty");
      assertThat(master.get("/status").body()).contains("\"waiting\":\"The registry is empty");

      RegistrationResponse known =
          master.register(node("cache-1").recording(cluster, 1, ALL).leading(1, 7));
      assertThat(known.cluster()).isEqualTo(cluster);
      assertThat(known.slotRanges()).containsExactly(ALL);
      RegistrationResponse spare = master.register(node("spare").of(shard(9)).joining());
      assertThat(spare.cluster()).isEqualTo(cluster);
      assertThat(master.caches().spares()).extracting(Shard::id).containsExactly(shard(9));
      assertThat(master.caches().state()).isEqualTo(TopologyState.SERVING);
      assertThat(master.get("/caches").body()).doesNotContain("waiting");
      assertThat(master.get("/status").body()).contains("\"waiting\":null");
    }
  }

  @Test
  void aMasterThatIsToFoundAClusterDoesSoWithTheFirstThatComes() {
    try (RunningMaster master = RunningMaster.alone("--weir.master.found=true")) {
      assertThat(master.get("/caches").body()).doesNotContain("waiting");
      assertThat(master.register(node("cache-1").joining()).slotRanges()).containsExactly(ALL);
    }
  }
}
