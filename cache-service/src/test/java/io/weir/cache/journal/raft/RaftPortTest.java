package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.rpc.CliRequests.ChangePeersRequest;
import com.alipay.sofa.jraft.rpc.CliRequests.ResetPeerRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.google.protobuf.Message;
import io.weir.cache.journal.Member;
import io.weir.testing.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftPortTest {

  private static final Member STRANGER = new Member("127.0.0.1", 1, 1);
  private static final byte UNKNOWN = 8;
  private static final AtomicBoolean DETONATED = new AtomicBoolean();

  @TempDir Path directory;
  private final int port = FreePorts.next();
  private TestMember member;

  @BeforeEach
  void found() {
    member =
        TestMember.start(
            TestMember.settings(directory, port, 1L << 40), RaftJournal.Beginning.FOUND);
    member.put("before", 1);
  }

  /** Whatever was thrown at it, the member goes on, alone. */
  @AfterEach
  void stillLeadsAlone() {
    member.put("after", 2);
    assertThat(member.journal.status().members().voters()).containsExactly(member.member());
    assertThat(member.reigns).hasSize(1);
    assertThat(DETONATED).isFalse();
    member.close();
  }

  @Test
  void aHessianPayloadInBoltsProtocolIsRefused() throws IOException {
    byte[] type =
        "com.alipay.sofa.jraft.rpc.RpcRequests$PingRequest".getBytes(StandardCharsets.UTF_8);
    // Hessian 2: an object of a class without fields.
    byte[] hessian =
        "C\u0030java.lang.ProcessBuilder\u0090\u0060".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bolt = ByteBuffer.allocate(22 + type.length + hessian.length);
    bolt.put((byte) 1).put((byte) 1).putShort((short) 1).put((byte) 1).putInt(7).put((byte) 1);
    bolt.putInt(3_000).putShort((short) type.length).putShort((short) 0).putInt(hessian.length);
    bolt.put(type).put(hessian);
    assertRefused(bolt.array());
  }

  @Test
  void aSerializedObjectIsRefused() throws IOException {
    assertRefused(serialized());
  }

  @Test
  void aMemberCannotSmuggleASerializedObjectIntoAMessage() throws IOException {
    for (byte type : new byte[] {MessageType.APPEND.code(), MessageType.PING.code(), UNKNOWN}) {
      assertClosesAfter(frame(type, serialized()));
    }
  }

  @Test
  void whatTheCommandLineOfJraftAsksCannotBeSaid() throws IOException {
    Message change =
        ChangePeersRequest.newBuilder()
            .setGroupId(TestMember.GROUP)
            .setLeaderId(member.member().toString())
            .addNewPeers(STRANGER.toString())
            .build();
    Message reset =
        ResetPeerRequest.newBuilder()
            .setGroupId(TestMember.GROUP)
            .setPeerId(member.member().toString())
            .addNewPeers(STRANGER.toString())
            .build();
    for (Message message : new Message[] {change, reset}) {
      assertThatThrownBy(() -> Frame.of(message, 1, false))
          .isInstanceOf(IllegalArgumentException.class);
      for (int type = 0; type < 128; type++) {
        if (MessageType.of((byte) type) == null) {
          continue;
        }
        // In the guise of each message that there is.
        try (Talk talk = new Talk(TestMember.SECRET)) {
          talk.send(frame((byte) type, message.toByteArray()));
          talk.readSomething();
        }
      }
      assertClosesAfter(frame(UNKNOWN, message.toByteArray()));
    }
  }

  @Test
  void whoDoesNotHoldTheSecretIsRefused() {
    assertThatThrownBy(() -> new Talk("another secret, as long")).isInstanceOf(IOException.class);
  }

  @Test
  void strangersWhoSayNothingKeepNoMemberOut() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        silent.add(new Socket("127.0.0.1", port));
      }
      try (Talk talk = new Talk(TestMember.SECRET)) {
        assertAnswered(talk);
      }
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  @Test
  void aStrangerWhoSaysAByteNowAndThenIsClosedAllTheSame() throws IOException {
    // With the longest name there may be, after the nonce.
    byte[] introduction =
        ByteBuffer.allocate(400).putInt(0x57524631).putShort(20, (short) 300).array();
    AtomicInteger said = new AtomicInteger();
    try (Socket slow = new Socket("127.0.0.1", port)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !says(slow, introduction[said.getAndIncrement()]));
    }
  }

  @Test
  void aMemberIsNotClosedOnceItIsIntroduced() throws IOException {
    try (Talk talk = new Talk(TestMember.SECRET)) {
      try (Socket late = new Socket("127.0.0.1", port)) {
        late.setSoTimeout(120_000);
        assertThat(readToTheEnd(late)).isZero();
      }
      assertAnswered(talk);
    }
  }

  @Test
  void aMemberSpeaksForItselfAlone() throws IOException {
    TimeoutNowRequest request =
        TimeoutNowRequest.newBuilder()
            .setGroupId(TestMember.GROUP)
            .setServerId(member.member().toString())
            .setPeerId(member.member().toString())
            .setTerm(1)
            .build();
    try (Talk talk = new Talk(TestMember.SECRET)) {
      talk.send(Frame.of(request, 5, false).encode());
      Frame answer = Frame.read(talk.in);
      assertThat(answer.id()).isEqualTo(5);
      assertThat(((ErrorResponse) answer.message()).getErrorMsg()).contains("speaks over the link");
    }
  }

  @Test
  void aMemberIsAnswered() throws IOException {
    try (Talk talk = new Talk(TestMember.SECRET)) {
      assertAnswered(talk);
    }
  }

  private static void assertAnswered(Talk talk) throws IOException {
    talk.send(Frame.of(PingRequest.newBuilder().setSendTimestamp(1).build(), 9, false).encode());
    assertThat(((ErrorResponse) Frame.read(talk.in).message()).getErrorCode()).isZero();
  }

  /** Whether the connection still takes what is said. */
  private static boolean says(Socket socket, int each) {
    try {
      socket.getOutputStream().write(each);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void assertRefused(byte[] bytes) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      assertThat(readToTheEnd(socket)).isZero();
    }
  }

  private static int readToTheEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes().length;
    } catch (SocketException e) {
      return 0;
    }
  }

  private void assertClosesAfter(byte[] frame) throws IOException {
    try (Talk talk = new Talk(TestMember.SECRET)) {
      talk.send(frame);
      assertThat(readToTheEnd(talk.socket)).isZero();
    }
  }

  private static byte[] frame(byte type, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(4 + 10 + payload.length + 4);
    frame.putInt(10 + payload.length + 4).put(type).put((byte) 0).putLong(1).put(payload);
    CRC32C checksum = new CRC32C();
    checksum.update(frame.array(), 4, 10 + payload.length);
    return frame.putInt((int) checksum.getValue()).array();
  }

  private static byte[] serialized() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Charge());
    }
    return bytes.toByteArray();
  }

  /** Tells when it is read as an object. */
  private static final class Charge implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      DETONATED.set(true);
    }
  }

  /** A connection whose other end takes this for a member. */
  private final class Talk implements AutoCloseable {
    private final Socket socket = new Socket("127.0.0.1", port);
    private final DataInputStream in = new DataInputStream(socket.getInputStream());
    private final DataOutputStream out = new DataOutputStream(socket.getOutputStream());

    private Talk(String secret) throws IOException {
      socket.setSoTimeout(120_000);
      Member other = new Handshake(TestMember.GROUP, STRANGER, secret).call(in, out);
      assertThat(other).isEqualTo(member.member());
    }

    private void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** An answer, which must be an error, or the end. */
    private void readSomething() throws IOException {
      try {
        assertThat(Frame.read(in).type()).isEqualTo(MessageType.ERROR_ANSWER);
      } catch (java.io.EOFException | SocketException e) {
        assertThat(e).isNotNull();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
