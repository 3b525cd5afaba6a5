package io.weir.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks the Redis protocol, on which a test says byte for byte what goes over
 * the wire. Texts are bytes, as ISO 8859-1 has them.
 */
public final class RespClient implements AutoCloseable {

  /** A reply that is an error. */
  public record Failure(String text) {}

  private final Socket socket;
  private final DataInputStream in;

  public RespClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Over a connection that somebody else has made. */
  public RespClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(120_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** The bytes of a request. */
  public static byte[] encode(String... words) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(bytes("*" + words.length + "\r\n"));
    for (String word : words) {
      request.writeBytes(bytes("$" + word.length() + "\r\n" + word + "\r\n"));
    }
    return request.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Sends a request and returns its reply, when no other is outstanding. */
  public @Nullable Object call(String... words) throws IOException {
    send(words);
    return read();
  }

  /** Sends a request. */
  public void send(String... words) throws IOException {
    write(encode(words));
  }

  public void write(String text) throws IOException {
    write(bytes(text));
  }

  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /**
   * Reads a reply: a text for one that is simple, verbatim or a bulk string, a {@link Long}, a
   * {@link List} for arrays and sets, a {@link Map}, a {@link Failure}, or null.
   */
  public @Nullable Object read() throws IOException {
    int type = in.readByte();
    String line = line();
    return switch (type) {
      case '+' -> line;
      case '-' -> new Failure(line);
      case ':' -> Long.valueOf(line);
      case '$' -> bulk(Integer.parseInt(line));
      case '=' -> text(Integer.parseInt(line)).substring(4);
      case '_' -> null;
      case '*', '~' -> list(Integer.parseInt(line));
      case '%' -> map(Integer.parseInt(line));
      default -> throw new IOException("no reply begins with '" + (char) type + "'");
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    return length < 0 ? null : text(length);
  }

  private String text(int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    if (in.readByte() != '\r' || in.readByte() != '\n') {
      throw new IOException("a bulk string does not end after its length");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private @Nullable List<@Nullable Object> list(int size) throws IOException {
    if (size < 0) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(read());
    }
    return elements;
  }

  private Map<@Nullable Object, @Nullable Object> map(int size) throws IOException {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      map.put(read(), read());
    }
    return map;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int b = in.readByte();
    while (b != '\r') {
      line.append((char) (b & 0xFF));
      b = in.readByte();
    }
    if (in.readByte() != '\n') {
      throw new IOException("a line ends with CR alone");
    }
    return line.toString();
  }

  /** Everything until the server closes the connection. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Sends nothing more, and goes on reading. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
