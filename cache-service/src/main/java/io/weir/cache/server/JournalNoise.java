package io.weir.cache.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Leaves out of the log what JRaft calls an error each time that a new leader finds a member away,
 * as in every orderly change of leader. The journal's own lines and the metrics tell of that.
 *
 * <p>By the text, since the same classes have errors that matter.
 */
final class JournalNoise extends TurboFilter {

  private static final String JRAFT = "com.alipay.sofa.jraft.";

  private static final Set<String> NOISE =
      Set.of(
          "Fail to init sending channel to {}, group: {}.", "Fail to add a replicator, peer={}.");

  /** To be called once logging is set up, which takes every filter away. */
  static JournalNoise leaveOut(ILoggerFactory loggers) {
    JournalNoise noise = new JournalNoise();
    if (loggers instanceof LoggerContext context) {
      context.getTurboFilterList().removeIf(JournalNoise.class::isInstance);
      context.addTurboFilter(noise);
    }
    return noise;
  }

  static JournalNoise leaveOut() {
    return leaveOut(LoggerFactory.getILoggerFactory());
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    return level == Level.ERROR
            && format != null
            && NOISE.contains(format)
            && logger.getName().startsWith(JRAFT)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
