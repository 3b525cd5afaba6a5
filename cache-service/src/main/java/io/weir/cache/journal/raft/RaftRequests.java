package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcResponseClosureAdapter;
import com.alipay.sofa.jraft.storage.FileService;
import com.google.protobuf.Message;
import io.weir.cache.journal.Member;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what other members ask of this one's node.
 *
 * <p><b>Ordering.</b> The entries of a leader are handled in the thread that reads its connection,
 * in order; all else in a small pool, since a vote or a snapshot may take a while.
 */
final class RaftRequests implements Link.Receiver, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RaftRequests.class);

  private static final int STOP_SECONDS = 2;
  private static final int THREADS = 4;
  private static final int MAX_WAITING = 256;

  private final String group;
  private final Member self;
  private final VoteGuard guard;
  private final Questions questions;
  private final ThreadPoolExecutor pool;
  private volatile @Nullable Node node;

  RaftRequests(String group, Member self, VoteGuard guard, Questions questions) {
    this.group = group;
    this.self = self;
    this.guard = guard;
    this.questions = questions;
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("weir-raft-requests-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  /** Answers for a node from now on; before, it is not found. */
  void serve(Node started) {
    node = started;
  }

  @Override
  public void received(Link link, Frame frame) {
    if (frame.type().isAnswer()) {
      link.close();
      return;
    }
    Answer answer = new Answer(link, frame.id());
    Node running = node;
    if (running == null) {
      answer.fail(RaftError.ENOENT, "the member " + self + " is starting");
    } else if (frame.message() instanceof AppendEntriesRequest append) {
      append((RaftServerService) running, append, answer);
    } else {
      try {
        pool.execute(() -> tryToHandle((RaftServerService) running, frame, answer));
      } catch (RejectedExecutionException e) {
        answer.fail(RaftError.EBUSY, "the member " + self + " is busy");
      }
    }
  }

  @Override
  public void closed(Link link) {}

  private void append(RaftServerService service, AppendEntriesRequest request, Answer answer) {
    if (!isFor(request.getGroupId(), request.getPeerId(), request.getServerId(), answer)) {
      return;
    }
    RpcRequestClosure done =
        new RpcRequestClosure(answer, AppendEntriesResponse.getDefaultInstance());
    boolean heartbeat = request.getEntriesCount() == 0 && !request.hasData();
    Message response =
        heartbeat
            ? guard.confirm(
                request,
                () -> service.handleAppendEntriesRequest(request, done),
                RaftRequests::isAccepted)
            : service.handleAppendEntriesRequest(request, done);
    if (response != null) {
      done.sendResponse(response);
    }
  }

  private static boolean isAccepted(@Nullable Message response) {
    return response instanceof AppendEntriesResponse answer && answer.getSuccess();
  }

  private void tryToHandle(RaftServerService service, Frame frame, Answer answer) {
    try {
      handle(service, frame, answer);
    } catch (RuntimeException e) {
      if (node != null) {
        LOG.error("a request of {} failed: {}", answer.getRemoteAddress(), frame.type(), e);
      }
      answer.fail(RaftError.EINTERNAL, "the member " + self + " failed to answer");
    }
  }

  private void handle(RaftServerService service, Frame frame, Answer answer) {
    RpcRequestClosure done = new RpcRequestClosure(answer, ErrorResponse.getDefaultInstance());
    Message response =
        switch (frame.message()) {
          case PingRequest _ -> ErrorResponse.newBuilder().setErrorCode(0).build();
          case RequestVoteRequest vote
              when isFor(vote.getGroupId(), vote.getPeerId(), vote.getServerId(), answer) ->
              guard.vote(
                  vote,
                  frame.named(),
                  () ->
                      vote.getPreVote()
                          ? service.handlePreVoteRequest(vote)
                          : service.handleRequestVoteRequest(vote));
          case InstallSnapshotRequest install
              when isFor(
                  install.getGroupId(), install.getPeerId(), install.getServerId(), answer) ->
              service.handleInstallSnapshot(install, done);
          case TimeoutNowRequest now
              when isFor(now.getGroupId(), now.getPeerId(), now.getServerId(), answer) -> {
            guard.namedSuccessor(now.getTerm());
            yield service.handleTimeoutNowRequest(now, done);
          }
          case ReadIndexRequest read
              when isFor(read.getGroupId(), read.getPeerId(), read.getServerId(), answer) -> {
            service.handleReadIndexRequest(read, new ReadIndexAnswer(done));
            yield null;
          }
          case GetFileRequest question when Questions.isQuestion(question) ->
              questions.answer(question);
          case GetFileRequest file -> FileService.getInstance().handleGetFile(file, done);
          default -> null;
        };
    if (response != null) {
      done.sendResponse(response);
    }
  }

  /** Whether a request is for this member, and from whom it says; fails it when not. */
  private boolean isFor(String toGroup, String to, String from, Answer answer) {
    if (!toGroup.equals(group) || !to.equals(self.toString())) {
      answer.fail(RaftError.ENOENT, "this is " + self + " of " + group);
      return false;
    }
    if (!from.equals(answer.link.other().toString())) {
      answer.fail(RaftError.EPERM, from + " speaks over the link of " + answer.link.other());
      return false;
    }
    return true;
  }

  /** Takes no more requests; those under way are not interrupted, for one may be writing a vote. */
  void stop() {
    node = null;
    pool.shutdown();
  }

  /** Waits for what is under way, once the node has stopped. */
  @Override
  public void close() {
    stop();
    try {
      if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("requests of other members are still under way: member={}", self);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class ReadIndexAnswer extends RpcResponseClosureAdapter<ReadIndexResponse> {
    private final RpcRequestClosure done;

    private ReadIndexAnswer(RpcRequestClosure done) {
      this.done = done;
    }

    @Override
    public void run(Status status) {
      ReadIndexResponse response = getResponse();
      if (status.isOk() && response != null) {
        done.sendResponse(response);
      } else {
        done.run(status);
      }
    }
  }

  /** The way back of one request. */
  private static final class Answer implements RpcContext {
    private final Link link;
    private final long id;

    private Answer(Link link, long id) {
      this.link = link;
      this.id = id;
    }

    void fail(RaftError error, String message) {
      sendResponse(
          ErrorResponse.newBuilder().setErrorCode(error.getNumber()).setErrorMsg(message).build());
    }

    @Override
    public void sendResponse(Object response) {
      if (!link.send(Frame.of((Message) response, id, false))) {
        link.close();
      }
    }

    @Override
    public @Nullable Connection getConnection() {
      return null;
    }

    @Override
    public String getRemoteAddress() {
      return link.other().toString();
    }
  }
}
