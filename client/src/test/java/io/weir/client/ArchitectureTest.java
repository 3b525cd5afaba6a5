package io.weir.client;

import io.weir.testing.Layers;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void everyArrowPointsDown() {
    Layers.of("client", "io.weir.client")
        .layer("operator")
        .layer(Layers.ROOT)
        .layer("transport")
        .check();
  }
}
