package io.weir.cache.fast;

import io.netty.util.ResourceLeakDetector;
import java.util.stream.Stream;

/**
 * Netty's search for buffers that nobody releases. By itself Netty follows one buffer of 128, and
 * takes a stack trace for each: 2 % of the processor time of a small write. Here it is on where
 * Netty's own system property asks for it, as in all tests.
 */
final class LeakDetection {

  private LeakDetection() {}

  /** Turns it off unless a level was asked for. */
  static void offUnlessAsked() {
    if (Stream.of("io.netty.leakDetection.level", "io.netty.leakDetectionLevel")
        .allMatch(property -> System.getProperty(property) == null)) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }
}
