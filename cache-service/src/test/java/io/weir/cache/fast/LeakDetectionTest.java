package io.weir.cache.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class LeakDetectionTest {

  private static final String PROPERTY = "io.netty.leakDetection.level";

  private final Level level = ResourceLeakDetector.getLevel();
  private final String asked = System.getProperty(PROPERTY, "");

  @AfterEach
  void restore() {
    System.setProperty(PROPERTY, asked);
    ResourceLeakDetector.setLevel(level);
  }

  @Test
  void isAsTestsAskForIt() {
    LeakDetection.offUnlessAsked();

    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.PARANOID);
  }

  @Test
  void isOffWhereNobodyAsksForIt() {
    System.clearProperty(PROPERTY);

    LeakDetection.offUnlessAsked();

    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.DISABLED);
  }
}
