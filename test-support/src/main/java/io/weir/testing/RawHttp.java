package io.weir.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection on which a test says byte for byte what goes over the wire. */
public final class RawHttp implements AutoCloseable {

  /** A response: its status, its head in lower case, and its body. */
  public record Answer(int status, String head, String body) {}

  private final Socket socket;
  private final InputStream in;

  public RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(120_000);
    in = socket.getInputStream();
  }

  public static Answer get(int port, String target) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.send("GET", target);
      return connection.read();
    }
  }

  public void send(String method, String target) throws IOException {
    write(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  public Answer read() throws IOException {
    String text = readUntil("\r\n\r\n");
    String head = text.toLowerCase(Locale.ROOT);
    int status = Integer.parseInt(text.substring(9, 12));
    if (head.contains("transfer-encoding: chunked")) {
      return new Answer(status, head, readChunks());
    }
    int at = head.indexOf("content-length: ");
    int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
    return new Answer(status, head, readBytes(length));
  }

  /** Whether some of an answer has come that was not read yet. */
  public boolean hasAnswer() throws IOException {
    return in.available() > 0;
  }

  /** Everything until the server closes the connection. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private String readChunks() throws IOException {
    StringBuilder body = new StringBuilder();
    int length;
    do {
      length = Integer.parseInt(readUntil("\r\n").strip(), 16);
      body.append(readBytes(length));
      readUntil("\r\n");
    } while (length > 0);
    return body.toString();
  }

  private String readBytes(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  private String readUntil(String end) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the connection ended after: " + read);
      }
      read.write(b);
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
