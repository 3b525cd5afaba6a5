package io.weir.cache.journal.raft;

import io.weir.cache.journal.Member;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to another member, open until either side fails or closes it.
 *
 * <p><b>Concurrency.</b> A thread of its own writes what {@link #send} has queued, so that a member
 * that does not read holds nobody up, and another reads and hands frames to the receiver one by
 * one.
 */
final class Link implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  /** Bytes queued for a member that reads slowly; the sender is refused beyond, and tries again. */
  private static final long MAX_QUEUED_BYTES = 32L << 20;

  private static final int BUFFER = 1 << 16;
  private static final int HANDSHAKE_MILLIS = 2_000;
  private static final byte[] END = {};

  private static final int KEEP_ALIVE_IDLE_SECONDS = 30;
  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 10;
  private static final int KEEP_ALIVE_PROBES = 3;

  /** Bytes that are written at once; what a look at the progress can miss. */
  private static final int PIECE = 1 << 16;

  /** Takes the frames of a link, in its reading thread. */
  interface Receiver {
    void received(Link link, Frame frame);

    void closed(Link link);
  }

  /** Puts one end of a connection under encryption, or leaves it as it is. */
  interface Wrapping {
    Socket of(Socket plain) throws IOException;
  }

  /** Which side of a handshake this is. */
  interface Introduction {
    Member with(DataInputStream in, DataOutputStream out) throws IOException;
  }

  /** The plain one: closing it waits for nobody, as closing one under TLS may for a writer. */
  private final Socket socket;

  private final Member other;
  private final DataInputStream in;
  private final OutputStream out;
  private final Receiver receiver;
  private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** When the other side was heard last, and when it last took something; by System.nanoTime. */
  private volatile long heardAt = System.nanoTime();

  private volatile long takenAt = heardAt;

  private Link(
      Socket socket, Member other, DataInputStream in, OutputStream out, Receiver receiver) {
    this.socket = socket;
    this.other = other;
    this.in = new DataInputStream(new Heard(in));
    this.out = out;
    this.receiver = receiver;
  }

  /** Makes a link of a connected socket, once both sides are introduced; closes it when not. */
  static Link introduce(
      Socket socket, Wrapping wrapping, Introduction introduction, Receiver receiver)
      throws IOException {
    try {
      socket.setTcpNoDelay(true);
      keepAlive(socket);
      socket.setSoTimeout(HANDSHAKE_MILLIS);
      Socket spoken = wrapping.of(socket);
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(spoken.getInputStream(), BUFFER));
      BufferedOutputStream out = new BufferedOutputStream(spoken.getOutputStream(), BUFFER);
      Member other = introduction.with(in, new DataOutputStream(out));
      socket.setSoTimeout(0);
      return new Link(socket, other, in, out, receiver);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** So that the end that only listens finds out within a minute that nobody speaks any more. */
  private static void keepAlive(Socket socket) throws IOException {
    socket.setKeepAlive(true);
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
    }
  }

  /** Starts both threads. */
  void start() {
    Thread.ofPlatform().daemon().name("weir-raft-write-" + other).start(this::writeAll);
    Thread.ofPlatform().daemon().name("weir-raft-read-" + other).start(this::readAll);
  }

  Member other() {
    return other;
  }

  boolean isOpen() {
    return !closed.get();
  }

  /** Queues a frame; returns false when the link is closed, or too much waits. Does not block. */
  boolean send(Frame frame) {
    byte[] bytes = frame.encode();
    if (closed.get()) {
      return false;
    }
    if (queuedBytes.addAndGet(bytes.length) > MAX_QUEUED_BYTES && queue.size() > 1) {
      queuedBytes.addAndGet(-bytes.length);
      return false;
    }
    queue.add(bytes);
    return true;
  }

  /**
   * Whether the other side has given no sign for so long. It gives one by what it sends; or, while
   * more waits than fits between the two, by taking some of that.
   */
  boolean isSilent(long nanos) {
    long now = System.nanoTime();
    boolean isTaking = queuedBytes.get() > 0 && now - takenAt < nanos;
    return now - heardAt >= nanos && !isTaking;
  }

  /** Notes when something comes in, be it a part of a frame. */
  private final class Heard extends FilterInputStream {
    private Heard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      heardAt = System.nanoTime();
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      heardAt = System.nanoTime();
      return read;
    }
  }

  private void write(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += PIECE) {
      out.write(bytes, at, Math.min(PIECE, bytes.length - at));
      takenAt = System.nanoTime();
    }
  }

  private void writeAll() {
    try {
      while (true) {
        byte[] next = queue.poll();
        if (next == null) {
          out.flush();
          next = queue.take();
        }
        if (next.length == 0) {
          return;
        }
        write(next);
        queuedBytes.addAndGet(-next.length);
      }
    } catch (IOException e) {
      LOG.debug("link to {} closed: {}", other, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void readAll() {
    try {
      while (!closed.get()) {
        receiver.received(this, Frame.read(in));
      }
    } catch (IOException e) {
      LOG.debug("link to {} closed: {}", other, e.toString());
    } catch (RuntimeException e) {
      LOG.error("link to {} closed by an error", other, e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    queue.add(END);
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("socket to {} not closed: {}", other, e.toString());
    }
    receiver.closed(this);
  }
}
