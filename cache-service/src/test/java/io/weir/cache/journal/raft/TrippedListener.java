package io.weir.cache.journal.raft;

import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Members;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What a fail-stop tells its server. */
final class TrippedListener implements JournalListener {

  final List<String> broken = new CopyOnWriteArrayList<>();

  /** The threads that told it that this server leads. */
  final List<Thread> ledIn = new CopyOnWriteArrayList<>();

  boolean leadingFails;

  FailStop failStop() {
    return new FailStop("g", new ReadLease(Duration.ofSeconds(1), System::nanoTime), this);
  }

  @Override
  public void leading(Reign reign) {
    ledIn.add(Thread.currentThread());
    if (leadingFails) {
      throw new IllegalStateException("as the test has it");
    }
  }

  @Override
  public void stopped(Reign reign, String reason) {}

  @Override
  public void following(@Nullable Member leader, long term) {}

  @Override
  public void membersChanged(Members members) {}

  @Override
  public void broken(String what, @Nullable Throwable cause) {
    broken.add(what);
  }
}
