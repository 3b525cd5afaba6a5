package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Member;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What members ask each other apart from the log: parts of one thing, by their number.
 *
 * <p>A question is a request for a piece of a file, of a reader that no snapshot has: their ids are
 * above 0. A member of a version without questions knows no such reader, and says so; of a message
 * that it had never heard of it would close the link, which carries the log too.
 *
 * <p><b>Concurrency.</b> Any thread may ask; it never waits. Answers are made in the threads that
 * answer requests.
 */
final class Questions {

  private static final long READER = -1;
  private static final String NAME = "question";
  private static final int NOT_EMPTY = 1;

  private final int timeoutMillis;
  private volatile IntFunction<byte[]> answers = part -> new byte[0];
  private volatile @Nullable RaftClient client;

  /**
   * @param timeout how long an answer may take
   */
  Questions(Duration timeout) {
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
  }

  /** Answers with this from now on. */
  void answerWith(IntFunction<byte[]> next) {
    answers = next;
  }

  /** Asks through a client from now on. */
  void askThrough(RaftClient next) {
    client = next;
  }

  static boolean isQuestion(GetFileRequest request) {
    return request.getReaderId() == READER;
  }

  /** Answers a question. */
  Message answer(GetFileRequest question) {
    byte[] answer = answers.apply(Math.toIntExact(question.getOffset()));
    return GetFileResponse.newBuilder()
        .setEof(true)
        .setData(ByteString.copyFrom(answer))
        .setReadSize(answer.length)
        .build();
  }

  /** Asks a member for a part; fails where it does not answer. */
  CompletableFuture<byte[]> ask(Member member, int part) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    RaftClient asking = client;
    if (asking == null) {
      answer.completeExceptionally(new JournalException.Refused("the journal is not started"));
      return answer;
    }
    GetFileRequest question =
        GetFileRequest.newBuilder()
            .setReaderId(READER)
            .setFilename(NAME)
            .setCount(NOT_EMPTY)
            .setOffset(part)
            .build();
    try {
      asking.call(
          RaftJournal.peer(member).getEndpoint(), question, told(answer, member), timeoutMillis);
    } catch (RemotingException e) {
      answer.completeExceptionally(refused(member, e));
    }
    return answer;
  }

  private static InvokeCallback told(CompletableFuture<byte[]> answer, Member member) {
    return new InvokeCallback() {
      @Override
      public void complete(@Nullable Object result, @Nullable Throwable failure) {
        if (result instanceof GetFileResponse response && !response.hasErrorResponse()) {
          answer.complete(response.getData().toByteArray());
        } else {
          answer.completeExceptionally(refused(member, failure == null ? result : failure));
        }
      }
    };
  }

  private static JournalException.Refused refused(Member member, @Nullable Object why) {
    return new JournalException.Refused(member + " does not answer a question: " + why);
  }
}
