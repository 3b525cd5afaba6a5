package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.store.RecordedReign;
import io.weir.cache.store.ShardRow;
import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import io.weir.model.ServerFigures;
import io.weir.model.ShardId;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThisServerTest {

  private FastUrls fastUrls = FastUrls.NONE;

  /** The port may be bound after the first heartbeat, and is closed before the last. */
  @Test
  void theFastPortIsToldAsItIsNow() {
    ThisServer self =
        new ThisServer(
            new NodeId("a"),
            URI.create("http://a:7401"),
            URI.create("http://outside:7401"),
            () -> fastUrls,
            () -> ServerFigures.NONE);
    self.know(
        new ShardRow(
            ShardId.random(),
            null,
            null,
            List.of(),
            0,
            0,
            null,
            List.of(),
            null,
            0,
            RecordedReign.NONE));
    assertThat(self.registration().fastUrl()).isNull();
    assertThat(self.registration().externalFastUrl()).isNull();
    fastUrls = new FastUrls(URI.create("http://a:9401"), URI.create("http://outside:9401"));
    RegistrationRequest told = self.registration();
    assertThat(told.fastUrl()).isEqualTo(fastUrls.inside());
    assertThat(told.externalFastUrl()).isEqualTo(fastUrls.outside());
    fastUrls = FastUrls.NONE;
    assertThat(self.registration().fastUrl()).isNull();
  }
}
