package io.weir.cli;

import io.weir.testing.Layers;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void everyArrowPointsDown() {
    Layers.of("client-cli", "io.weir.cli")
        .layer(Layers.ROOT)
        .layer("lab")
        .layer("keys", "operate", "load")
        .layer("shell")
        .check();
  }
}
