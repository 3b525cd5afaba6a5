package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SnapshotsTest {

  private final BlockingQueue<Closure> asked = new LinkedBlockingQueue<>();
  private boolean started = true;
  private final Snapshots snapshots =
      new Snapshots("g", new Configurations(members -> {}), 1 << 20, this::trigger, () -> 0.5);

  @AfterEach
  void close() {
    snapshots.close();
  }

  private void trigger(Closure done) {
    asked.add(done);
    if (!started) {
      throw new IllegalStateException("the journal is not started");
    }
  }

  @Test
  void oneIsAskedForAtATime() throws Exception {
    snapshots.saveSoon();
    Closure first = asked.take();
    snapshots.saveSoon();
    first.run(Status.OK());
    assertThat(asked).isEmpty();
    snapshots.saveSoon();
    assertThat(asked.take()).isNotNull();
  }

  /** The first was asked for before the node was there, say. */
  @Test
  void oneThatCouldNotBeAskedForIsAskedForAgain() throws Exception {
    started = false;
    snapshots.saveSoon();
    Closure _ = asked.take();
    while (asked.isEmpty()) {
      snapshots.saveSoon();
      Thread.sleep(1); // Ends, unlike a spin, when the time is up.
    }
    assertThat(asked).isNotEmpty();
  }
}
