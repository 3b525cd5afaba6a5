package io.weir.testing;

import io.weir.model.Key;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A server of the Redis protocol that keeps values in memory: enough of it for the clients of this
 * code base.
 */
public final class FakeRedis implements AutoCloseable {

  /** What it does in the place of a command. */
  public interface Script {

    /** The reply as it goes over the wire; empty to close the connection, null to obey. */
    @Nullable String instead(List<String> command);
  }

  /** The commands that came, their words joined; what a connection begins with left out. */
  public final List<String> commands = new CopyOnWriteArrayList<>();

  /** What it holds. */
  public final Map<Key, byte[]> values = new ConcurrentHashMap<>();

  /** When set, the one token that is let in. */
  public volatile @Nullable String token;

  public volatile Script script = command -> null;

  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ServerSocket listening;

  public FakeRedis() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-redis").start(this::accept);
  }

  /** As the topology lists it. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        Thread.ofVirtual().name("fake-redis-connection").start(() -> serve(socket));
      } catch (IOException e) {
        // Closed, or the client has gone.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean in3 = false;
      boolean known = false;
      while (true) {
        List<byte[]> command = read(in);
        if (command == null) {
          return;
        }
        List<String> words =
            command.stream().map(word -> new String(word, StandardCharsets.UTF_8)).toList();
        String name = words.getFirst().toUpperCase(Locale.ROOT);
        byte[] reply;
        switch (name) {
          case "HELLO" -> {
            known |= token == null || words.contains(token);
            in3 = true;
            reply = bytes(known ? hello() : "-WRONGPASS invalid username-password pair\r\n");
          }
          case "AUTH" -> {
            known |= token == null || words.getLast().equals(token);
            reply = bytes(known ? "+OK\r\n" : "-WRONGPASS invalid username-password pair\r\n");
          }
          case "CLIENT" -> reply = bytes("+OK\r\n");
          default -> {
            commands.add(String.join(" ", words));
            String instead =
                known || token == null
                    ? script.instead(words)
                    : "-NOAUTH Authentication required.\r\n";
            reply = instead == null ? obey(name, command, in3) : bytes(instead);
          }
        }
        if (reply.length == 0) {
          return;
        }
        out.write(reply);
        out.flush();
      }
    } catch (IOException e) {
      // The client has gone.
    } finally {
      sockets.remove(socket);
    }
  }

  private static String hello() {
    StringBuilder map = new StringBuilder("%4\r\n");
    for (String text : List.of("server", "redis", "version", "7.2.0", "mode", "cluster")) {
      map.append('$').append(text.length()).append("\r\n").append(text).append("\r\n");
    }
    return map.append("$5\r\nproto\r\n:3\r\n").toString();
  }

  private byte[] obey(String name, List<byte[]> command, boolean in3) throws IOException {
    Key key = Key.of(command.get(1));
    return switch (name) {
      case "GET" -> bulk(values.get(key), in3);
      case "DEL" -> bytes(values.remove(key) == null ? ":0\r\n" : ":1\r\n");
      case "INCR" ->
          bytes(
              ":"
                  + new String(
                      values.merge(
                          key,
                          bytes("1"),
                          (before, one) ->
                              bytes(
                                  String.valueOf(
                                      1
                                          + Long.parseLong(
                                              new String(before, StandardCharsets.US_ASCII))))),
                      StandardCharsets.US_ASCII)
                  + "\r\n");
      case "SET" -> {
        String option =
            command.size() > 3 ? new String(command.get(3), StandardCharsets.US_ASCII) : "";
        if (option.equals("NX")) {
          yield values.putIfAbsent(key, command.get(2)) == null
              ? bytes("+OK\r\n")
              : bulk(null, in3);
        }
        byte[] before = values.put(key, command.get(2));
        yield option.equals("GET") ? bulk(before, in3) : bytes("+OK\r\n");
      }
      default -> bytes("-ERR unknown command '" + name + "', with args beginning with: \r\n");
    };
  }

  private static byte[] bulk(byte @Nullable [] value, boolean in3) throws IOException {
    if (value == null) {
      return bytes(in3 ? "_\r\n" : "$-1\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(bytes("$" + value.length + "\r\n"));
    all.write(value);
    all.write(bytes("\r\n"));
    return all.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable List<byte[]> read(InputStream in) throws IOException {
    String head = line(in);
    if (head == null || !head.startsWith("*")) {
      return null;
    }
    List<byte[]> words = new ArrayList<>();
    for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
      String length = line(in);
      if (length == null) {
        return null;
      }
      words.add(in.readNBytes(Integer.parseInt(length.substring(1))));
      if (line(in) == null) {
        return null;
      }
    }
    return words;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toString().strip();
      }
      line.append((char) next);
    }
    return null;
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
