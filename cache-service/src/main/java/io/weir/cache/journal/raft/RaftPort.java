package io.weir.cache.journal.raft;

import io.weir.cache.journal.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that the other members of a group connect to. It speaks to who proves to hold the
 * group's secret, and hands on the frames of Raft's own messages; anything else closes the
 * connection.
 *
 * <p>A member that is not in this one's configuration is let in: Raft needs that, since a leader
 * may have been added by an entry that this member is yet to receive.
 *
 * <p><b>Invariant.</b> Only who has introduced itself has one of the places of members; until then
 * a connection is among the {@link Strangers}, who are few and have little time, and take places
 * from each other alone. So nobody without the secret can end a member's link, nor keep a member
 * out by slow connections, nor by many from another address.
 */
final class RaftPort implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RaftPort.class);

  /** Links at a time: several for each of a group's members, whose old ones may be half open. */
  private static final int MAX_LINKS = 64;

  /** Of 128 KiB of buffers each. */
  private static final int MAX_STRANGERS = 32;

  /** From being accepted to being introduced: a few round trips, and TLS. */
  private static final Duration INTRODUCTION = Duration.ofSeconds(2);

  private static final int STOP_MILLIS = 1_000;

  private final ServerSocket socket = new ServerSocket();
  private final LinkCipher cipher;
  private final Handshake handshake;
  private final Link.Receiver receiver;
  private final RefusedCallers refused = new RefusedCallers(LOG, System::nanoTime);
  private final Strangers strangers = new Strangers(MAX_STRANGERS, INTRODUCTION, refused);
  private final Semaphore room = new Semaphore(MAX_LINKS);
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Thread accepting =
      Thread.ofPlatform().daemon().name("weir-raft-accept").unstarted(this::acceptAll);
  private volatile boolean closed;

  /** Binds the port; nobody is let in before {@link #start}. */
  RaftPort(InetSocketAddress listen, LinkCipher cipher, Handshake handshake, Link.Receiver receiver)
      throws IOException {
    this.cipher = cipher;
    this.handshake = handshake;
    this.receiver = receiver;
    socket.setReuseAddress(true);
    try {
      socket.bind(listen);
    } catch (IOException e) {
      socket.close();
      throw new IOException("the journal's port " + listen + " cannot be bound: " + e, e);
    }
  }

  void start() {
    strangers.start();
    accepting.start();
  }

  private void acceptAll() {
    while (!closed) {
      try {
        Socket accepted = socket.accept();
        strangers.enter(accepted);
        Thread.ofVirtual().name("weir-raft-handshake").start(() -> introduce(accepted));
      } catch (IOException e) {
        if (!closed) {
          LOG.warn("the journal's port did not accept: {}", e.toString());
          pause();
        }
      }
    }
  }

  /** Out of file descriptors, say: accepting again at once would only spin. */
  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void introduce(Socket accepted) {
    try {
      Link link = Link.introduce(accepted, cipher::answer, handshake::answer, new Counted());
      if (!strangers.leave(accepted)) {
        return;
      }
      if (!room.tryAcquire() && !takePlaceOfOlder(link.other())) {
        refused.refused(
            accepted.getRemoteSocketAddress(), "all " + MAX_LINKS + " places are taken");
        accepted.close();
        return;
      }
      links.add(link);
      link.start();
      if (closed) {
        link.close();
      }
    } catch (IOException | UncheckedIOException e) {
      // Who was closed there has been spoken of there.
      if (strangers.leave(accepted)) {
        refused.refused(accepted.getRemoteSocketAddress(), String.valueOf(e.getMessage()));
      }
    }
  }

  /** Closes the links that a member had before, which may be half open, to make room for one. */
  private boolean takePlaceOfOlder(Member member) {
    links.stream().filter(link -> link.other().equals(member)).forEach(Link::close);
    return room.tryAcquire();
  }

  /** Gives the room back when a link closes. */
  private final class Counted implements Link.Receiver {
    @Override
    public void received(Link link, Frame frame) {
      receiver.received(link, frame);
    }

    @Override
    public void closed(Link link) {
      links.remove(link);
      room.release();
      receiver.closed(link);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("the journal's port was not closed: {}", e.toString());
    }
    strangers.close();
    links.forEach(Link::close);
    try {
      // The port is bound until nobody waits at it any more.
      accepting.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
