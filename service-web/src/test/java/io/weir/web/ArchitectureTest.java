package io.weir.web;

import io.weir.testing.Layers;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void everyArrowPointsDown() {
    Layers.of("service-web", "io.weir.web")
        .layer("security", "probe")
        .layer(Layers.ROOT)
        .layer("metrics", "pool")
        .check();
  }
}
