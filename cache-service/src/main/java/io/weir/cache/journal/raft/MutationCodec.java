package io.weir.cache.journal.raft;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one mutation, in an entry of the log or a snapshot, big endian:
 *
 * <pre>
 * in format 1   body
 * in format 2   length:u32 body field*           the length is that of body and fields
 *
 * body   = 1:u8 head expires:i64 typeLength:u16 type value:u32+bytes      a put
 *        | 2:u8 head                                                      a delete
 *        | 3:u8 head                                                      flushed
 *        | 4:u8 head                                                      discarded
 *        | 5:u8 number:i64                                                flush acknowledged  (format 2)
 *        | 6:u8 acknowledged:i64 missing:i64 highest:i64                  database state      (format 2)
 *        | 7:u8 missing:i64                                               database accepted   (format 2)
 * head   = keyLength:u16 key version:i64
 * field  = tag:u8 length:u32 bytes
 * </pre>
 *
 * <p>A content type that is absent has length 0xFFFF. A reader that does not know a field skips it
 * when its tag is 128 or more, and stops when it is less: who adds a field decides by its tag
 * whether a mutation can be understood without it. No mutation has a field yet. Stateless.
 */
final class MutationCodec {

  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte FLUSHED = 3;
  private static final byte DISCARDED = 4;
  private static final byte FLUSH_ACKNOWLEDGED = 5;
  private static final byte DATABASE_STATE = 6;
  private static final byte DATABASE_ACCEPTED = 7;

  private static final int NO_TYPE = 0xFFFF;
  private static final int HEAD = 1 + Short.BYTES + Long.BYTES;

  /** Tags from here on may be skipped. */
  private static final int OPTIONAL = 128;

  private MutationCodec() {}

  /** The least that a mutation takes in a format. */
  static int smallest(int format) {
    return format == JournalFormat.FIRST ? HEAD + 1 : Integer.BYTES + 1;
  }

  /** Whether a format has room for such a mutation; where it has none, only its writer knows it. */
  static boolean isIn(Mutation mutation, int format) {
    return format != JournalFormat.FIRST
        || switch (mutation) {
          case Mutation.Written _, Mutation.Flushed _, Mutation.Discarded _ -> true;
          case Mutation.FlushAcknowledged _,
              Mutation.DatabaseState _,
              Mutation.DatabaseAccepted _ ->
              false;
        };
  }

  /** Bytes of a mutation in a format: in a higher one as many, or more. */
  static int sizeOf(Mutation mutation, int format) {
    return bodySize(mutation) + (format == JournalFormat.FIRST ? 0 : Integer.BYTES);
  }

  private static int bodySize(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Written(Write(Key key, Version _, Value value)) ->
          HEAD + key.length() + (value == null ? 0 : sizeOf(value));
      case Mutation.Flushed(Key key, Version _) -> HEAD + key.length();
      case Mutation.Discarded(Key key, Version _) -> HEAD + key.length();
      case Mutation.FlushAcknowledged _, Mutation.DatabaseAccepted _ -> 1 + Long.BYTES;
      case Mutation.DatabaseState _ -> 1 + 3 * Long.BYTES;
    };
  }

  private static int sizeOf(Value value) {
    String type = value.contentType();
    return Long.BYTES
        + Short.BYTES
        + (type == null ? 0 : utf8Length(type))
        + Integer.BYTES
        + value.bytes().length;
  }

  static void write(Mutation mutation, int format, ByteBuffer out) {
    if (format == JournalFormat.FIRST) {
      writeBody(mutation, out);
      return;
    }
    int begin = out.position();
    writeBody(mutation, out.putInt(0));
    out.putInt(begin, out.position() - begin - Integer.BYTES);
  }

  private static void writeBody(Mutation mutation, ByteBuffer out) {
    switch (mutation) {
      case Mutation.Written(Write(Key key, Version version, Value value)) -> {
        writeHead(value == null ? DELETE : PUT, key, version, out);
        if (value != null) {
          writeValue(value, out);
        }
      }
      case Mutation.Flushed(Key key, Version version) -> writeHead(FLUSHED, key, version, out);
      case Mutation.Discarded(Key key, Version version) -> writeHead(DISCARDED, key, version, out);
      case Mutation.FlushAcknowledged(long number) -> out.put(FLUSH_ACKNOWLEDGED).putLong(number);
      case Mutation.DatabaseState(long acknowledged, long missing, long highest) ->
          out.put(DATABASE_STATE).putLong(acknowledged).putLong(missing).putLong(highest);
      case Mutation.DatabaseAccepted(long missing) -> out.put(DATABASE_ACCEPTED).putLong(missing);
    }
  }

  private static void writeHead(byte kind, Key key, Version version, ByteBuffer out) {
    out.put(kind).putShort((short) key.length()).put(key.bytes()).putLong(version.value());
  }

  private static void writeValue(Value value, ByteBuffer out) {
    out.putLong(value.expiresAtMillis());
    String type = value.contentType();
    if (type == null) {
      out.putShort((short) NO_TYPE);
    } else {
      byte[] utf8 = type.getBytes(StandardCharsets.UTF_8);
      if (utf8.length >= NO_TYPE) {
        throw new IllegalArgumentException(
            "a content type has less than " + NO_TYPE + " bytes, got " + utf8.length);
      }
      out.putShort((short) utf8.length).put(utf8);
    }
    out.putInt(value.bytes().length).put(value.bytes());
  }

  /**
   * Reads one mutation of a format.
   *
   * @throws BufferUnderflowException when it is cut short
   * @throws CorruptEntryException when it is no mutation
   * @throws JournalFormatException when a later version has written it
   */
  static Mutation read(int format, ByteBuffer in) {
    if (format == JournalFormat.FIRST) {
      return readBody(in, format);
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer own = in.slice(in.position(), length);
    in.position(in.position() + length);
    Mutation mutation = readBody(own, format);
    while (own.hasRemaining()) {
      skipField(own);
    }
    return mutation;
  }

  private static void skipField(ByteBuffer in) {
    int tag = Byte.toUnsignedInt(in.get());
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    if (tag < OPTIONAL) {
      throw JournalFormatException.ofPart("a mutation with the field " + tag);
    }
    in.position(in.position() + length);
  }

  private static Mutation readBody(ByteBuffer in, int format) {
    byte kind = in.get();
    if (kind < PUT || (kind > DISCARDED && format == JournalFormat.FIRST)) {
      throw new CorruptEntryException("a mutation of the unknown kind " + kind);
    }
    return switch (kind) {
      case FLUSH_ACKNOWLEDGED -> new Mutation.FlushAcknowledged(readNumber(in));
      case DATABASE_STATE ->
          new Mutation.DatabaseState(readNumber(in), readNumber(in), readNumber(in));
      case DATABASE_ACCEPTED -> new Mutation.DatabaseAccepted(readNumber(in));
      case PUT, DELETE, FLUSHED, DISCARDED -> readOfKey(kind, in);
      default -> throw JournalFormatException.ofPart("a mutation of kind " + kind);
    };
  }

  private static long readNumber(ByteBuffer in) {
    long number = in.getLong();
    if (number < 0) {
      throw new CorruptEntryException("a negative number of flushes");
    }
    return number;
  }

  private static Mutation readOfKey(byte kind, ByteBuffer in) {
    Key key = readKey(in);
    long version = in.getLong();
    if (version < 0) {
      throw new CorruptEntryException("a negative version");
    }
    if (kind == FLUSHED) {
      return new Mutation.Flushed(key, new Version(version));
    }
    if (kind == DISCARDED) {
      return new Mutation.Discarded(key, new Version(version));
    }
    return new Mutation.Written(
        new Write(key, new Version(version), kind == PUT ? readValue(in) : null));
  }

  private static Key readKey(ByteBuffer in) {
    byte[] bytes = readBytes(in, Short.toUnsignedInt(in.getShort()));
    try {
      return Key.of(bytes);
    } catch (InvalidKeyException e) {
      throw new CorruptEntryException("no key: " + e.getMessage());
    }
  }

  private static Value readValue(ByteBuffer in) {
    long expires = in.getLong();
    int typeLength = Short.toUnsignedInt(in.getShort());
    @Nullable String type =
        typeLength == NO_TYPE
            ? null
            : new String(readBytes(in, typeLength), StandardCharsets.UTF_8);
    return new Value(readBytes(in, in.getInt()), type, expires);
  }

  private static byte[] readBytes(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static int utf8Length(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }
}
