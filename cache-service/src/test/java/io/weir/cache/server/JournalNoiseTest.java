package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;

class JournalNoiseTest {

  @Test
  void whatComesWithEveryMemberThatIsAwayIsLeftOutAndNothingElse() {
    LoggerContext loggers = new LoggerContext();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    loggers.getLogger("ROOT").addAppender(lines);
    var _ = JournalNoise.leaveOut(loggers);
    var _ = JournalNoise.leaveOut(loggers);
    assertThat(loggers.getTurboFilterList()).hasSize(1);

    Logger jraft = loggers.getLogger("com.alipay.sofa.jraft.core.NodeImpl");
    jraft.error("Fail to add a replicator, peer={}.", "127.0.0.1:8401:7");
    jraft.error("Fail to init sending channel to {}, group: {}.", "127.0.0.1:8401:7", "g");
    jraft.error("Node {} init failed.", "n");
    loggers.getLogger("io.weir").error("Fail to add a replicator, peer={}.", "x");

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Node n init failed.", "Fail to add a replicator, peer=x.");
  }
}
