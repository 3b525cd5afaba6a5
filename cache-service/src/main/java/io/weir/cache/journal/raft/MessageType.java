package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.rpc.RpcRequests;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that the port of a group takes: Raft's own, each by a number. What has no number
 * here (the requests of JRaft's command line, such as ChangePeers and ResetPeer, and anything that
 * is not protobuf) cannot be said on the wire.
 */
enum MessageType {
  PING(1, RpcRequests.PingRequest.getDefaultInstance()),
  VOTE(2, RpcRequests.RequestVoteRequest.getDefaultInstance()),
  APPEND(3, RpcRequests.AppendEntriesRequest.getDefaultInstance()),
  INSTALL(4, RpcRequests.InstallSnapshotRequest.getDefaultInstance()),
  FILE(5, RpcRequests.GetFileRequest.getDefaultInstance()),
  TIMEOUT_NOW(6, RpcRequests.TimeoutNowRequest.getDefaultInstance()),
  READ_INDEX(7, RpcRequests.ReadIndexRequest.getDefaultInstance()),

  ERROR_ANSWER(64, RpcRequests.ErrorResponse.getDefaultInstance()),
  VOTE_ANSWER(66, RpcRequests.RequestVoteResponse.getDefaultInstance()),
  APPEND_ANSWER(67, RpcRequests.AppendEntriesResponse.getDefaultInstance()),
  INSTALL_ANSWER(68, RpcRequests.InstallSnapshotResponse.getDefaultInstance()),
  FILE_ANSWER(69, RpcRequests.GetFileResponse.getDefaultInstance()),
  TIMEOUT_NOW_ANSWER(70, RpcRequests.TimeoutNowResponse.getDefaultInstance()),
  READ_INDEX_ANSWER(71, RpcRequests.ReadIndexResponse.getDefaultInstance());

  private static final int FIRST_ANSWER = 64;
  private static final @Nullable MessageType[] BY_CODE = new MessageType[128];
  private static final Map<Class<?>, MessageType> BY_CLASS = new HashMap<>();

  static {
    for (MessageType type : values()) {
      BY_CODE[type.code] = type;
      BY_CLASS.put(type.prototype.getClass(), type);
    }
  }

  private final byte code;
  private final Message prototype;

  MessageType(int code, Message prototype) {
    this.code = (byte) code;
    this.prototype = prototype;
  }

  byte code() {
    return code;
  }

  boolean isAnswer() {
    return code >= FIRST_ANSWER;
  }

  Message parse(byte[] frame, int offset, int length) throws InvalidProtocolBufferException {
    Parser<? extends Message> parser = prototype.getParserForType();
    return parser.parseFrom(frame, offset, length);
  }

  static @Nullable MessageType of(byte code) {
    return code < 0 ? null : BY_CODE[code];
  }

  /**
   * Returns the type of a message.
   *
   * @throws IllegalArgumentException when the port does not speak it
   */
  static MessageType of(Message message) {
    MessageType type = BY_CLASS.get(message.getClass());
    if (type == null) {
      throw new IllegalArgumentException("no message of a group: " + message.getClass().getName());
    }
    return type;
  }
}
