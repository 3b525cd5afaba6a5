package io.weir.cache.journal.raft;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a log entry, big endian:
 *
 * <pre>
 * entry     = format:u8(1) kind:u8(1 mutations | 2 epoch) [count:u32 mutation*]
 * mutation  = 1:u8 write-head expires:i64 typeLength:u16 type value:u32+bytes      a put
 *           | 2:u8 write-head                                                      a delete
 *           | 3:u8 write-head                                                      flushed
 *           | 4:u8 write-head                                                      discarded
 * write-head = keyLength:u16 key version:i64
 * </pre>
 *
 * A content type that is absent has length 0xFFFF. Whatever does not read so, to the last byte, is
 * rejected. Stateless.
 */
final class EntryCodec {

  /** Bytes of an entry besides its mutations. */
  static final int ENTRY_OVERHEAD = 6;

  private static final byte FORMAT = 1;
  private static final byte MUTATIONS = 1;
  private static final byte EPOCH = 2;

  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte FLUSHED = 3;
  private static final byte DISCARDED = 4;

  private static final int NO_TYPE = 0xFFFF;
  private static final int HEAD = 1 + Short.BYTES + Long.BYTES;
  private static final int SMALLEST_MUTATION = HEAD + 1;

  private EntryCodec() {}

  /** The entry that takes an epoch. */
  static ByteBuffer epoch() {
    return ByteBuffer.wrap(new byte[] {FORMAT, EPOCH});
  }

  static boolean isEpoch(ByteBuffer entry) {
    return entry.remaining() == 2
        && entry.get(entry.position()) == FORMAT
        && entry.get(entry.position() + 1) == EPOCH;
  }

  /** Encodes mutations whose sizes sum up to what {@link #sizeOf} says. */
  static ByteBuffer encode(Iterable<Mutation> mutations, int count, int bytes) {
    ByteBuffer out = ByteBuffer.allocate(ENTRY_OVERHEAD + bytes);
    out.put(FORMAT).put(MUTATIONS).putInt(count);
    for (Mutation mutation : mutations) {
      write(mutation, out);
    }
    return out.flip();
  }

  /**
   * Decodes an entry of mutations; the buffer's position and limit stay as they are.
   *
   * @throws CorruptEntryException when the bytes are no such entry
   */
  static List<Mutation> decode(ByteBuffer entry) {
    ByteBuffer in = entry.duplicate();
    try {
      if (in.get() != FORMAT || in.get() != MUTATIONS) {
        throw new CorruptEntryException("an entry of an unknown format or kind");
      }
      int count = in.getInt();
      if (count < 0 || count > in.remaining() / SMALLEST_MUTATION) {
        throw new CorruptEntryException(
            "an entry of " + entry.remaining() + " bytes claims " + count + " mutations");
      }
      List<Mutation> mutations = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        mutations.add(read(in));
      }
      if (in.hasRemaining()) {
        throw new CorruptEntryException(in.remaining() + " bytes follow the last mutation");
      }
      return mutations;
    } catch (BufferUnderflowException e) {
      throw new CorruptEntryException("an entry ends in the middle of a mutation");
    }
  }

  /** Bytes of one mutation. */
  static int sizeOf(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Written(Write(Key key, Version _, Value value)) ->
          HEAD + key.length() + (value == null ? 0 : sizeOf(value));
      case Mutation.Flushed(Key key, Version _) -> HEAD + key.length();
      case Mutation.Discarded(Key key, Version _) -> HEAD + key.length();
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

  static void write(Mutation mutation, ByteBuffer out) {
    switch (mutation) {
      case Mutation.Written(Write(Key key, Version version, Value value)) -> {
        writeHead(value == null ? DELETE : PUT, key, version, out);
        if (value != null) {
          writeValue(value, out);
        }
      }
      case Mutation.Flushed(Key key, Version version) -> writeHead(FLUSHED, key, version, out);
      case Mutation.Discarded(Key key, Version version) -> writeHead(DISCARDED, key, version, out);
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

  /** Reads one mutation; throws {@link BufferUnderflowException} when it is cut short. */
  static Mutation read(ByteBuffer in) {
    byte kind = in.get();
    if (kind < PUT || kind > DISCARDED) {
      throw new CorruptEntryException("a mutation of the unknown kind " + kind);
    }
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
