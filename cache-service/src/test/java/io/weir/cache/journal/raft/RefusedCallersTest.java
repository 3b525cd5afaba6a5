package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusedCallersTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(RefusedCallersTest.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final RefusedCallers refused = new RefusedCallers(logger, nanos::get);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  @Test
  void aFloodIsSummedUp() {
    for (int i = 0; i < 1_000; i++) {
      refused.refused("/10.0.0.1:5", "no member of a group");
    }
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    refused.refused("/10.0.0.2:6", "x");
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "refused at the journal's port: /10.0.0.1:5: no member of a group; 0 more since the last"
                + " such line",
            "refused at the journal's port: /10.0.0.2:6: x; 999 more since the last such line");
  }

  @Test
  void aReasonForgesNoLine() {
    refused.refused("/10.0.0.1:5", "x\n10:00:00.000 INFO leading\u001b[2J");
    assertThat(lines.list.getFirst().getFormattedMessage())
        .contains("x\\n10:00:00.000 INFO leading\\u001b[2J")
        .doesNotContain("\n", "\u001b");
  }
}
