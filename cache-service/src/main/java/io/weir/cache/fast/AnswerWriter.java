package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.weir.cache.door.KvResponse;
import io.weir.cache.kv.Value;
import io.weir.model.Problem;
import io.weir.web.ProblemWriter;
import io.weir.web.security.KeyGate;
import io.weir.web.security.Refusal;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;

/**
 * Writes the heads of answers, and what is short of their bodies, into a connection's buffer. What
 * every answer of a status begins with is made once.
 */
final class AnswerWriter {

  static final byte[] CONTINUE = bytes("HTTP/1.1 100 Continue\r\n\r\n");

  private static final byte[][] BEGINNINGS = new byte[600][];
  private static final byte[] END = bytes("\r\n");
  private static final byte[] COLON = bytes(": ");
  private static final byte[] TYPE = bytes("Content-Type: ");
  private static final byte[] LENGTH = bytes("\r\nContent-Length: ");
  private static final byte[] CLOSE = bytes("Connection: close\r\n");
  private static final byte[] KEEP = bytes("Connection: keep-alive\r\n");

  static {
    StringBuilder ofAll = new StringBuilder();
    KeyGate.forEachField(
        (name, value) -> ofAll.append(name).append(": ").append(value).append("\r\n"));
    for (int status = 100; status < BEGINNINGS.length; status++) {
      HttpStatus known = HttpStatus.resolve(status);
      String reason = known == null ? "" : known.getReasonPhrase();
      BEGINNINGS[status] = bytes("HTTP/1.1 " + status + " " + reason + "\r\n" + ofAll + "Date: ");
    }
  }

  /** What becomes of the connection after an answer, as its head says it. */
  enum After {
    /** It goes on, as it does by itself in HTTP/1.1. */
    GOES_ON,
    /** It goes on, and a client of HTTP/1.0 is told so. */
    KEPT,
    CLOSED
  }

  private AnswerWriter() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes an answer; its value only where that is asked for. */
  static void write(
      ByteBuf out, KvResponse answer, boolean isHead, boolean withValue, byte[] date, After after) {
    begin(out, answer.status(), date, after);
    answer.forEachHeader((name, value) -> field(out, name, value));
    Problem problem = answer.problem();
    Value value = answer.value();
    if (problem != null) {
      body(out, Problem.MEDIA_TYPE, ProblemWriter.body(problem), isHead);
    } else if (value != null) {
      typeAndLength(out, answer.contentType(), value.bytes().length);
      if (withValue && !isHead) {
        out.writeBytes(value.bytes());
      }
    } else {
      out.writeBytes(END);
    }
  }

  /** Writes what the gate answers. */
  static void write(ByteBuf out, Refusal refusal, boolean isHead, byte[] date, After after) {
    begin(out, refusal.problem().type().status(), date, after);
    for (Refusal.Field each : refusal.fields()) {
      field(out, each.name(), each.value());
    }
    body(out, Problem.MEDIA_TYPE, ProblemWriter.body(refusal.problem()), isHead);
  }

  /** Writes what the protocol itself refuses, after which the connection closes. */
  static void write(ByteBuf out, int status, String detail, byte[] date) {
    begin(out, status, date, After.CLOSED);
    body(out, Problem.MEDIA_TYPE, ProblemWriter.body(status, detail), false);
  }

  private static void begin(ByteBuf out, int status, byte[] date, After after) {
    out.writeBytes(BEGINNINGS[status]).writeBytes(date).writeBytes(END);
    if (after != After.GOES_ON) {
      out.writeBytes(after == After.CLOSED ? CLOSE : KEEP);
    }
  }

  private static void field(ByteBuf out, String name, String value) {
    out.writeCharSequence(name, StandardCharsets.US_ASCII);
    out.writeBytes(COLON);
    text(out, value);
    out.writeBytes(END);
  }

  /** No value begins a line of its own: what is no printable character becomes a space. */
  private static void text(ByteBuf out, String value) {
    int at = out.writerIndex();
    out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) == 0x7F) {
        out.setByte(at + i, ' ');
      }
    }
  }

  private static void typeAndLength(ByteBuf out, String type, int length) {
    out.writeBytes(TYPE);
    text(out, type);
    out.writeBytes(LENGTH);
    out.writeCharSequence(Integer.toString(length), StandardCharsets.US_ASCII);
    out.writeBytes(END).writeBytes(END);
  }

  private static void body(ByteBuf out, String type, byte[] body, boolean isHead) {
    typeAndLength(out, type, body.length);
    if (!isHead) {
      out.writeBytes(body);
    }
  }
}
