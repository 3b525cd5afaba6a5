package io.weir.cache.server;

import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.ShardId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Keys of a shard that are used much, hottest first, as a file and as members tell each other.
 *
 * <pre>list = "WEIRHOT1" shard(length:u16 text) count:u32 (length:u16 key)* crc32c:u32</pre>
 *
 * The checksum covers all that stands before it.
 */
final class HotKeyList {

  /** Most bytes of the keys of a list. */
  static final int MOST_BYTES = 4 << 20;

  /** What a file of the most keys has at most. */
  static final int MOST_FILE_BYTES = 3 * MOST_BYTES;

  private static final byte[] MAGIC = "WEIRHOT1".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH = Short.BYTES;

  private HotKeyList() {}

  static byte[] encode(ShardId shard, List<Key> keys) {
    byte[] name = shard.toString().getBytes(StandardCharsets.UTF_8);
    int bytes = MAGIC.length + LENGTH + name.length + Integer.BYTES + Integer.BYTES;
    for (Key key : keys) {
      bytes += LENGTH + key.length();
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put(MAGIC).putShort((short) name.length).put(name).putInt(keys.size());
    for (Key key : keys) {
      out.putShort((short) key.length()).put(key.bytes());
    }
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException when it is damaged, or another shard's; with a sentence
   */
  static List<Key> decode(ShardId shard, byte[] bytes) {
    int end = bytes.length - Integer.BYTES;
    if (end < MAGIC.length || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
      throw new IllegalArgumentException("it is no list of keys");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(end) != checksum(bytes, end)) {
      throw new IllegalArgumentException("its checksum does not match");
    }
    in.limit(end).position(MAGIC.length);
    try {
      String of = new String(next(in), StandardCharsets.UTF_8);
      if (!of.equals(shard.toString())) {
        throw new IllegalArgumentException("it is of shard " + of);
      }
      int count = in.getInt();
      List<Key> keys = new ArrayList<>(Math.clamp(count, 0, in.remaining() / LENGTH));
      for (int i = 0; i < count; i++) {
        keys.add(Key.of(next(in)));
      }
      return keys;
    } catch (BufferUnderflowException | InvalidKeyException e) {
      throw new IllegalArgumentException("it is damaged: " + e, e);
    }
  }

  private static byte[] next(ByteBuffer in) {
    byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(bytes);
    return bytes;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
