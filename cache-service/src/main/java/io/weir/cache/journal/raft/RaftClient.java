package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.weir.cache.journal.ReadLease;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member asks of others: a link to each, made when first needed and again when lost.
 *
 * <p><b>Failure.</b> A link is closed when a call over it ends without an answer and nothing was
 * heard over it for an election timeout: it may lead to a machine that is gone, or through a
 * network that was away, and TCP would find that out in minutes. The next call makes another.
 *
 * <p><b>Concurrency.</b> {@link #call} never waits; JRaft holds its node's lock around it.
 * Callbacks run in the executors that they bring.
 */
final class RaftClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RaftClient.class);

  private final InetAddress from;
  private final LinkCipher cipher;
  private final Handshake handshake;
  private final VoteGuard guard;
  private final ReadLease lease;
  private final long silenceNanos;
  private final Map<Endpoint, Peer> peers = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final ScheduledThreadPoolExecutor timeouts =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("weir-raft-timeouts").factory());
  private volatile @Nullable ReplicatorGroup replicators;
  private volatile boolean closed;

  /**
   * @param from the address that this member's own port is bound to, and that it speaks from, so
   *     that a firewall can tell the members apart; a wildcard leaves the choice to the system
   * @param silence without a word from a member, and with a call to it unanswered, after which its
   *     link is made anew
   */
  RaftClient(
      InetAddress from,
      LinkCipher cipher,
      Handshake handshake,
      VoteGuard guard,
      ReadLease lease,
      Duration silence) {
    this.from = from;
    this.cipher = cipher;
    this.handshake = handshake;
    this.guard = guard;
    this.lease = lease;
    this.silenceNanos = silence.toNanos();
    timeouts.setRemoveOnCancelPolicy(true);
  }

  /** Tells the leader's replicators, from now on, when a member can be reached again. */
  void tell(ReplicatorGroup group) {
    replicators = group;
  }

  boolean isConnected(Endpoint endpoint) {
    Peer peer = peers.get(endpoint);
    return peer != null && peer.isConnected();
  }

  /** Whether there is a link; if not, one is being made. */
  boolean connect(Endpoint endpoint) {
    Peer peer = peer(endpoint);
    if (!peer.isConnected()) {
      peer.connect();
    }
    return peer.isConnected();
  }

  void disconnect(Endpoint endpoint) {
    Peer peer = peers.get(endpoint);
    if (peer != null) {
      peer.disconnect();
    }
  }

  /**
   * Asks, for a vote over a link that exists, else once there is one; the callback is told once.
   */
  void call(Endpoint endpoint, Message request, InvokeCallback callback, long timeoutMillis)
      throws RemotingException {
    boolean named = false;
    if (request instanceof RequestVoteRequest vote) {
      if (!guard.mayAskFor(vote)) {
        throw new RemotingException("no vote is asked for: a leader was confirmed just now");
      }
      named = guard.isNamedFor(vote.getTerm()) && !vote.getPreVote();
    } else if (request instanceof TimeoutNowRequest) {
      lease.bar();
    }
    Peer peer = peer(endpoint);
    if (peer.isConnected()) {
      peer.send(request, named, callback, timeoutMillis);
    } else if (closed || request instanceof RequestVoteRequest) {
      // What speaks for the request now may not hold by the time there is a link.
      throw new RemotingException("no link to " + endpoint);
    } else {
      peer.sendWhenLinked(request, callback, timeoutMillis);
    }
  }

  /** Asks and waits, for a link as well. */
  Message callAndWait(Endpoint endpoint, Message request, long timeoutMillis)
      throws InterruptedException, RemotingException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    peer(endpoint).awaitLink(timeoutMillis);
    CompletableFuture<Message> answer = new CompletableFuture<>();
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    call(endpoint, request, new Waiting(answer), Math.max(1, left));
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new RemotingException(e.getCause());
    }
  }

  private record Waiting(CompletableFuture<Message> answer) implements InvokeCallback {
    @Override
    public void complete(@Nullable Object result, @Nullable Throwable error) {
      if (error == null) {
        answer.complete((Message) result);
      } else {
        answer.completeExceptionally(error);
      }
    }
  }

  private Peer peer(Endpoint endpoint) {
    return peers.computeIfAbsent(endpoint, Peer::new);
  }

  @Override
  public void close() {
    closed = true;
    peers.values().forEach(Peer::disconnect);
    timeouts.shutdownNow();
  }

  /** A request that is under way, over a link. */
  private record Call(@Nullable Link link, InvokeCallback callback, Future<?> timeout) {
    void end(@Nullable Message answer, @Nullable Throwable error) {
      timeout.cancel(false);
      Executor executor = callback.executor();
      if (executor == null) {
        callback.complete(answer, error);
      } else {
        try {
          executor.execute(() -> callback.complete(answer, error));
        } catch (RejectedExecutionException e) {
          LOG.debug("nobody waits for an answer any more: {}", e.getMessage());
        }
      }
    }
  }

  /** Another member's address, and what is under way to it. */
  private final class Peer implements Link.Receiver {

    private final LinkAttempts attempts;
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    private Peer(Endpoint endpoint) {
      attempts = new LinkAttempts(endpoint, from, cipher, handshake, this, this::linked);
    }

    boolean isConnected() {
      return attempts.link() != null;
    }

    void connect() {
      if (!closed) {
        var _ = attempts.begin();
      }
    }

    void awaitLink(long timeoutMillis) throws InterruptedException, RemotingException {
      try {
        attempts.begin().get(timeoutMillis, TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new RemotingException("no link: " + e, e);
      }
    }

    void disconnect() {
      Link link = attempts.link();
      if (link != null) {
        link.close();
      }
    }

    private void linked(Link link) {
      ReplicatorGroup group = replicators;
      if (group != null) {
        group.checkReplicator(
            new PeerId(link.other().host(), link.other().port(), link.other().incarnation()), true);
      }
    }

    void send(Message request, boolean named, InvokeCallback callback, long timeoutMillis)
        throws RemotingException {
      long id = ids.incrementAndGet();
      Future<?> timeout = schedule(() -> timedOut(id), timeoutMillis);
      Link link = attempts.link();
      calls.put(id, new Call(link, callback, timeout));
      boolean sent = link != null && link.send(Frame.of(request, id, named));
      // Either this takes the call back, or it is being ended by a link that closed meanwhile.
      if ((!sent || attempts.link() != link) && calls.remove(id) != null) {
        timeout.cancel(false);
        throw new RemotingException("the link is lost, or has too much to send");
      }
    }

    void sendWhenLinked(Message request, InvokeCallback callback, long timeoutMillis) {
      var _ =
          attempts
              .begin()
              .whenComplete((_, failure) -> {
                try {
                  if (failure != null) {
                    throw new RemotingException("no link: " + failure, failure);
                  }
                  send(request, false, callback, timeoutMillis);
                } catch (RemotingException e) {
                  new Call(null, callback, CompletableFuture.completedFuture(null)).end(null, e);
                }
              });
    }

    private Future<?> schedule(Runnable end, long timeoutMillis) throws RemotingException {
      try {
        return timeouts.schedule(end, timeoutMillis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        throw new RemotingException("the member is stopping", e);
      }
    }

    private void timedOut(long id) {
      Call call = calls.remove(id);
      if (call != null) {
        call.end(null, new InvokeTimeoutException("no answer in time"));
        Link link = call.link();
        if (link != null && link.isOpen() && link.isSilent(silenceNanos)) {
          LOG.info("{} says nothing: its link is made anew", link.other());
          link.close();
        }
      }
    }

    @Override
    public void received(Link link, Frame frame) {
      if (!frame.type().isAnswer()) {
        link.close();
        return;
      }
      Call call = calls.remove(frame.id());
      if (call != null) {
        call.end(frame.message(), null);
      }
    }

    @Override
    public void closed(Link link) {
      calls.forEach((id, call) -> {
        if (call.link() == link && calls.remove(id, call)) {
          call.end(null, new RemotingException("the link to " + link.other() + " is lost"));
        }
      });
    }
  }
}
