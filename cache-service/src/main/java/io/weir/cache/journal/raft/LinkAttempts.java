package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.util.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to one address, or the attempt to make it; one at a time, and none right after one that
 * failed, so that a dead member costs its peers little.
 */
final class LinkAttempts {

  private static final Logger LOG = LoggerFactory.getLogger(LinkAttempts.class);

  private static final int CONNECT_MILLIS = 500;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Endpoint endpoint;
  private final InetAddress from;
  private final LinkCipher cipher;
  private final Handshake handshake;
  private final Link.Receiver receiver;
  private final Consumer<Link> linked;

  private @Nullable CompletableFuture<Link> attempt;
  private long failedAt;
  private boolean failing;
  private volatile @Nullable Link current;

  /**
   * @param from the address to speak from
   * @param linked told of a new link, in a thread of its own, after those who wait for it
   */
  LinkAttempts(
      Endpoint endpoint,
      InetAddress from,
      LinkCipher cipher,
      Handshake handshake,
      Link.Receiver receiver,
      Consumer<Link> linked) {
    this.endpoint = endpoint;
    this.from = from;
    this.cipher = cipher;
    this.handshake = handshake;
    this.receiver = receiver;
    this.linked = linked;
  }

  /** The link; null while there is none. */
  @Nullable Link link() {
    Link link = current;
    return link != null && link.isOpen() ? link : null;
  }

  /** Begins an attempt unless there is a link, an attempt, or was one just now. */
  synchronized CompletableFuture<Link> begin() {
    Link link = link();
    if (link != null) {
      return CompletableFuture.completedFuture(link);
    }
    CompletableFuture<Link> running = attempt;
    if (running != null) {
      return running;
    }
    if (failing && System.nanoTime() - failedAt < PAUSE_NANOS) {
      return CompletableFuture.failedFuture(
          new IOException("no link to " + endpoint + " just now"));
    }
    CompletableFuture<Link> begun = new CompletableFuture<>();
    attempt = begun;
    Thread.ofVirtual().name("weir-raft-connect-" + endpoint).start(() -> run(begun));
    return begun;
  }

  private void run(CompletableFuture<Link> begun) {
    try {
      Socket socket = new Socket();
      try {
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(endpoint.getIp(), endpoint.getPort()), CONNECT_MILLIS);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
      Link link =
          Link.introduce(
              socket, plain -> cipher.call(plain, endpoint.getIp()), handshake::call, receiver);
      ended(link);
      link.start();
      begun.complete(link);
      linked.accept(link);
    } catch (IOException | RuntimeException e) {
      LOG.debug("no link to {}: {}", endpoint, e.toString());
      ended(null);
      begun.completeExceptionally(e);
    }
  }

  private synchronized void ended(@Nullable Link link) {
    attempt = null;
    failing = link == null;
    failedAt = System.nanoTime();
    if (link != null) {
      current = link;
    }
  }
}
