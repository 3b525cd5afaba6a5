package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReadLease;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A link to a member that takes everything and says what the test has it say. */
@Timeout(120)
class RaftClientTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration SILENCE = Duration.ofMillis(400);
  private static final Message PING = PingRequest.newBuilder().setSendTimestamp(1).build();

  private static final Message ANSWER = ErrorResponse.newBuilder().setErrorCode(0).build();

  private final int port = FreePorts.next();
  private final Member server = new Member("127.0.0.1", port, 1);
  private final Member caller = new Member("127.0.0.1", 1, 2);
  private final Endpoint endpoint = new Endpoint("127.0.0.1", port);
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private volatile boolean answers = true;
  private RaftPort opened;
  private RaftClient client;

  @BeforeEach
  void open() throws IOException {
    opened =
        new RaftPort(
            new InetSocketAddress(LOOPBACK, port),
            LinkCipher.NONE,
            new Handshake(TestMember.GROUP, server, TestMember.SECRET),
            new Other());
    opened.start();
    ReadLease lease = new ReadLease(Duration.ofSeconds(1), System::nanoTime);
    PeerId self = new PeerId("127.0.0.1", 1, 2);
    client =
        new RaftClient(
            LOOPBACK,
            LinkCipher.NONE,
            new Handshake(TestMember.GROUP, caller, TestMember.SECRET),
            new VoteGuard(self, 1, lease, System::nanoTime),
            lease,
            SILENCE);
  }

  @AfterEach
  void close() {
    client.close();
    opened.close();
  }

  /** The other end. */
  private final class Other implements Link.Receiver {
    @Override
    public void received(Link link, Frame frame) {
      if (!links.contains(link)) {
        links.add(link);
      }
      if (answers) {
        link.send(Frame.of(ANSWER, frame.id(), false));
      }
    }

    @Override
    public void closed(Link link) {}
  }

  private Message ask(long millis) throws InterruptedException, RemotingException {
    return client.callAndWait(endpoint, PING, millis);
  }

  @Test
  void aLinkOverWhichNothingIsHeardIsMadeAnewAfterACallHasTimedOut() throws Exception {
    assertThat(ask(10_000)).isNotNull();
    answers = false;
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          assertThatThrownBy(() -> ask(100)).isInstanceOf(RemotingException.class);
          return !client.isConnected(endpoint);
        });
    answers = true;
    await().ignoreExceptions().until(() -> ask(10_000) != null);
    assertThat(links).hasSizeGreaterThan(1);
  }

  @Test
  void aCallThatTimesOutOverALinkThatOthersAreAnsweredOnLeavesIt() throws Exception {
    assertThat(ask(10_000)).isNotNull();
    answers = false;
    assertThatThrownBy(() -> ask(50)).isInstanceOf(RemotingException.class);
    answers = true;
    assertThat(ask(10_000)).isNotNull();
    assertThat(client.isConnected(endpoint)).isTrue();
    assertThat(links).hasSize(1);
  }

  @Test
  void theEndOfAnOlderLinkDoesNotEndWhatIsAskedOverTheNextOne() throws Exception {
    assertThat(ask(10_000)).isNotNull();
    Link first = links.getFirst();
    client.disconnect(endpoint);
    assertThat(ask(10_000)).isNotNull();
    answers = false;
    CompletableFuture<@Nullable Object> asked = new CompletableFuture<>();
    client.call(
        endpoint,
        PING,
        (result, error) -> {
          if (error == null) {
            asked.complete(result);
          } else {
            asked.completeExceptionally(error);
          }
        },
        60_000);
    first.close();
    await().until(() -> !first.isOpen());
    assertThat(asked).isNotDone();
    client.disconnect(endpoint);
    assertThat(asked).failsWithin(1, TimeUnit.MINUTES);
  }
}
