package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes replies as versions 2 and 3 of the Redis protocol have them. */
final class RespWriter {

  private static final byte[] OK = ascii("+OK\r\n");
  private static final byte[] NIL_2 = ascii("$-1\r\n");
  private static final byte[] NIL_3 = ascii("_\r\n");
  private static final int CRLF = '\r' << 8 | '\n';

  /** The longest line that tells a length or a number. */
  private static final int LINE_BYTES = 24;

  private static final int[] TENS = {
    10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };

  private RespWriter() {}

  static void ok(ByteBuf out) {
    out.writeBytes(OK);
  }

  static void nil(ByteBuf out, int protocol) {
    out.writeBytes(protocol >= 3 ? NIL_3 : NIL_2);
  }

  static void bulk(ByteBuf out, byte[] bytes) {
    out.ensureWritable(bytes.length + LINE_BYTES);
    line(out, '$', bytes.length);
    out.writeBytes(bytes);
    out.writeShort(CRLF);
  }

  static void failure(ByteBuf out, String text) {
    out.writeByte('-');
    text(out, text);
  }

  /** Writes a reply, whatever it is. */
  static void write(ByteBuf out, Reply reply, int protocol) {
    boolean third = protocol >= 3;
    switch (reply) {
      case Reply.Simple(String text) -> {
        if (text.equals("OK")) {
          ok(out);
        } else {
          out.writeByte('+');
          text(out, text);
        }
      }
      case Reply.Failure(String text) -> failure(out, text);
      case Reply.Number(long value) -> number(out, value);
      case Reply.Bulk(byte[] bytes) -> bulk(out, bytes);
      case Reply.Verbatim(String text) -> verbatim(out, text, third);
      case Reply.Nil() -> nil(out, protocol);
      case Reply.Array(List<Reply> elements) -> all(out, '*', elements.size(), elements, protocol);
      case Reply.Mapping(List<Reply> pairs) ->
          all(out, third ? '%' : '*', third ? pairs.size() / 2 : pairs.size(), pairs, protocol);
      case Reply.Group(List<Reply> elements) ->
          all(out, third ? '~' : '*', elements.size(), elements, protocol);
    }
  }

  private static void all(ByteBuf out, char type, int size, List<Reply> elements, int protocol) {
    line(out, type, size);
    for (Reply element : elements) {
      write(out, element, protocol);
    }
  }

  private static void verbatim(ByteBuf out, String text, boolean third) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!third) {
      bulk(out, utf8);
      return;
    }
    line(out, '=', utf8.length + 4);
    out.writeBytes(ascii("txt:"));
    out.writeBytes(utf8);
    out.writeShort(CRLF);
  }

  /** Writes a text that is one line; where it has ends of lines, they become spaces. */
  private static void text(ByteBuf out, String text) {
    String line =
        text.indexOf('\r') < 0 && text.indexOf('\n') < 0
            ? text
            : text.replace('\r', ' ').replace('\n', ' ');
    ByteBufUtil.writeUtf8(out, line);
    out.writeShort(CRLF);
  }

  private static void number(ByteBuf out, long value) {
    if (value >= 0 && value <= Integer.MAX_VALUE) {
      line(out, ':', (int) value);
    } else {
      out.writeByte(':');
      text(out, Long.toString(value));
    }
  }

  /** Writes a type and a length. */
  private static void line(ByteBuf out, char type, int length) {
    out.ensureWritable(LINE_BYTES);
    out.writeByte(type);
    int digits = 1;
    while (digits <= TENS.length && length >= TENS[digits - 1]) {
      digits++;
    }
    int end = out.writerIndex() + digits;
    int rest = length;
    for (int at = end - 1; at >= end - digits; at--) {
      out.setByte(at, '0' + rest % 10);
      rest /= 10;
    }
    out.writerIndex(end);
    out.writeShort(CRLF);
  }

  /** About how many bytes a reply takes: all of its bulk strings, and no less than the rest. */
  static long size(Reply reply) {
    return switch (reply) {
      case Reply.Bulk(byte[] bytes) -> bytes.length + (long) LINE_BYTES;
      case Reply.Verbatim(String text) -> 3L * text.length() + LINE_BYTES;
      case Reply.Failure(String text) -> 3L * text.length();
      case Reply.Simple(String text) -> 3L * text.length();
      case Reply.Array(List<Reply> elements) -> size(elements);
      case Reply.Mapping(List<Reply> elements) -> size(elements);
      case Reply.Group(List<Reply> elements) -> size(elements);
      case Reply.Number(long value) -> LINE_BYTES;
      case Reply.Nil() -> LINE_BYTES;
    };
  }

  private static long size(List<Reply> elements) {
    long all = LINE_BYTES;
    for (Reply element : elements) {
      all += size(element);
    }
    return all;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
