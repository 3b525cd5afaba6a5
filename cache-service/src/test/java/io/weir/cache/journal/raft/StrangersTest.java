package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(600)
class StrangersTest {

  private static final RefusedCallers REFUSED =
      new RefusedCallers(LoggerFactory.getLogger(StrangersTest.class), System::nanoTime);

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> callers = new ArrayList<>();

  StrangersTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket each : callers) {
      each.close();
    }
  }

  @Test
  void theOldestGivesWayToTheNewest() throws IOException {
    try (Strangers strangers = new Strangers(2, Duration.ofHours(1), REFUSED)) {
      Socket first = accept();
      strangers.enter(first);
      strangers.enter(accept());
      assertOpen(0);
      Socket third = accept();
      strangers.enter(third);
      assertClosed(0);
      assertOpen(1);
      assertThat(strangers.leave(first)).isFalse();
      assertThat(strangers.leave(third)).isTrue();
    }
  }

  @Test
  void aFloodFromOneAddressTakesItsOwnPlaces() throws IOException {
    try (Strangers strangers = new Strangers(3, Duration.ofHours(1), REFUSED)) {
      Socket member = accept("127.0.0.2");
      strangers.enter(member);
      for (int i = 0; i < 20; i++) {
        strangers.enter(accept("127.0.0.1"));
      }
      assertOpen(0);
      assertThat(strangers.leave(member)).isTrue();
      assertClosed(1);
      assertOpen(20);
    }
  }

  @Test
  void whoHasLeftIsNeitherCountedNorClosed() throws IOException {
    Strangers strangers = new Strangers(1, Duration.ofHours(1), REFUSED);
    Socket member = accept();
    strangers.enter(member);
    assertThat(strangers.leave(member)).isTrue();
    strangers.enter(accept());
    strangers.enter(accept());
    strangers.close();
    assertClosed(1);
    assertClosed(2);
    assertOpen(0);
    member.close();
  }

  @Test
  void whoTakesTooLongIsClosed() throws IOException {
    try (Strangers strangers = new Strangers(2, Duration.ofMillis(50), REFUSED)) {
      strangers.start();
      strangers.enter(accept());
      assertClosed(0);
      strangers.enter(accept());
      assertClosed(1);
    }
  }

  @Test
  void afterTheEndNobodyIsTakenIn() throws IOException {
    Strangers strangers = new Strangers(2, Duration.ofHours(1), REFUSED);
    strangers.start();
    strangers.close();
    strangers.enter(accept());
    assertClosed(0);
  }

  private Socket accept() throws IOException {
    return accept("127.0.0.1");
  }

  private Socket accept(String from) throws IOException {
    InetAddress address = InetAddress.getByName(from);
    callers.add(new Socket(server.getInetAddress(), server.getLocalPort(), address, 0));
    return server.accept();
  }

  private void assertClosed(int caller) throws IOException {
    callers.get(caller).setSoTimeout(120_000);
    assertThat(callers.get(caller).getInputStream().read()).isEqualTo(-1);
  }

  private void assertOpen(int caller) throws IOException {
    callers.get(caller).setSoTimeout(50);
    assertThatThrownBy(() -> callers.get(caller).getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }
}
