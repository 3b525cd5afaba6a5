package io.weir.cache.journal.raft;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to a {@link RaftPort} whose other end has not introduced itself yet.
 *
 * <p><b>Invariant.</b> There are at most {@code most} at a time, and each is here for at most
 * {@code patience} from its {@link #enter}, however little it sends at once. Strangers take places
 * from each other alone, the newest from the oldest of the address that has most: who floods the
 * port from one address takes its own places, and cannot hold them against a member at another,
 * which needs one for as long as an introduction takes; and a member that has left is out of their
 * reach. A flood from many addresses, or from a member's own, can keep that member from introducing
 * itself if it is quicker than an introduction; links that stand go on.
 *
 * <p><b>Concurrency.</b> The monitor guards the queue, and is held during no I/O. A socket belongs
 * to whoever has taken it out: only then it is closed here, or made a link of elsewhere.
 */
final class Strangers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  /** A connection, and when it has been here for too long, in nanoseconds of this JVM. */
  private record Stranger(Socket socket, long deadline) {}

  private final int most;
  private final long patienceNanos;
  private final RefusedCallers refused;

  /** The oldest first, which is the order of their deadlines too. */
  private final Deque<Stranger> waiting = new ArrayDeque<>();

  private final Thread watching =
      Thread.ofPlatform().daemon().name("weir-raft-strangers").unstarted(this::closeLate);
  private boolean closed;

  /**
   * @param refused told of who took too long
   */
  Strangers(int most, Duration patience, RefusedCallers refused) {
    this.most = most;
    this.refused = refused;
    this.patienceNanos = patience.toNanos();
  }

  /** Begins to close who takes too long. */
  void start() {
    watching.start();
  }

  /** Takes a connection in, and closes another for it when there is no place. */
  void enter(Socket socket) {
    Socket givesWay;
    synchronized (this) {
      Stranger oldest = waiting.size() < most ? null : takeOldestOfMost(socket.getInetAddress());
      givesWay = closed ? socket : oldest == null ? null : oldest.socket();
      if (!closed) {
        waiting.addLast(new Stranger(socket, System.nanoTime() + patienceNanos));
        notifyAll();
      }
    }
    if (givesWay != null) {
      LOG.debug("gave way at the journal's port: {}", givesWay);
      close(givesWay);
    }
  }

  /** Takes out the oldest of the address that has most with the newcomer; there is one. */
  private Stranger takeOldestOfMost(@Nullable InetAddress newcomer) {
    Map<InetAddress, Integer> places = new HashMap<>();
    if (newcomer != null) {
      places.put(newcomer, 1);
    }
    Stranger chosen = waiting.getFirst();
    int highest = 0;
    for (Stranger each : waiting) {
      InetAddress address = each.socket().getInetAddress();
      int count = address == null ? 1 : places.merge(address, 1, Integer::sum);
      highest = Math.max(highest, count);
    }
    for (Stranger each : waiting) {
      InetAddress address = each.socket().getInetAddress();
      if (address != null && places.getOrDefault(address, 0) == highest) {
        chosen = each;
        break;
      }
    }
    waiting.remove(chosen);
    return chosen;
  }

  /** Takes a connection out, which is then the caller's; false when it has been closed here. */
  synchronized boolean leave(Socket socket) {
    return waiting.removeIf(each -> each.socket().equals(socket));
  }

  private void closeLate() {
    try {
      Socket late = awaitLate();
      while (late != null) {
        refused.refused(late.getRemoteSocketAddress(), "it did not introduce itself in time");
        close(late);
        late = awaitLate();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes the next one out whose time is over; null once this is closed. */
  private synchronized @Nullable Socket awaitLate() throws InterruptedException {
    while (!closed) {
      Stranger oldest = waiting.peekFirst();
      if (oldest == null) {
        wait();
        continue;
      }
      long left = oldest.deadline() - System.nanoTime();
      if (left <= 0) {
        waiting.removeFirst();
        return oldest.socket();
      }
      // A millisecond at least: a wait of none would last for ever.
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
    return null;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{} was not closed: {}", socket, e.toString());
    }
  }

  @Override
  public void close() {
    Deque<Stranger> rest;
    synchronized (this) {
      closed = true;
      rest = new ArrayDeque<>(waiting);
      waiting.clear();
      notifyAll();
    }
    rest.forEach(each -> close(each.socket()));
  }
}
