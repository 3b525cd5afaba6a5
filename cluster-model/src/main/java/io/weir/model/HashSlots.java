package io.weir.model;

/**
 * The hash function of the cluster: CRC16/XMODEM of the key, or of its hash tag, modulo 16,384.
 *
 * <p>It is exactly Redis Cluster's function, so that Redis clients and their test vectors agree
 * with it. The hash tag is what stands between the first <code>{</code> and the first <code>}
 * </code> after it, when that is not empty; keys with the same tag share a slot, and so a shard.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis
 *     Cluster specification, "Key distribution model"</a>
 */
public final class HashSlots {

  /** Number of hash slots; a slot is a number from 0 to {@code COUNT - 1}. */
  public static final int COUNT = 16_384;

  private static final int POLYNOMIAL = 0x1021;

  /** How many bytes are taken in one step: their look-ups do not wait for each other. */
  private static final int SLICES = 4;

  private static final int BYTE_VALUES = 256;

  /** For each of a step's bytes, from the last to the first, what it adds to the remainder. */
  private static final char[] TABLE = table();

  private HashSlots() {}

  /** Returns the slot of a key given as raw bytes. */
  public static int slotOf(byte[] key) {
    int open = indexOf(key, (byte) '{', 0);
    if (open >= 0) {
      int close = indexOf(key, (byte) '}', open + 1);
      if (close > open + 1) {
        return crc16(key, open + 1, close) & (COUNT - 1);
      }
    }
    return crc16(key, 0, key.length) & (COUNT - 1);
  }

  /** CRC16/XMODEM (polynomial 0x1021, initial value 0, nothing reflected) of a part of an array. */
  static int crc16(byte[] bytes, int from, int to) {
    int crc = 0;
    int i = from;
    for (; i <= to - SLICES; i += SLICES) {
      crc =
          TABLE[3 * BYTE_VALUES + (((crc >>> 8) ^ bytes[i]) & 0xFF)]
              ^ TABLE[2 * BYTE_VALUES + ((crc ^ bytes[i + 1]) & 0xFF)]
              ^ TABLE[BYTE_VALUES + (bytes[i + 2] & 0xFF)]
              ^ TABLE[bytes[i + 3] & 0xFF];
    }
    for (; i < to; i++) {
      crc = ((crc << 8) ^ TABLE[((crc >>> 8) ^ bytes[i]) & 0xFF]) & 0xFFFF;
    }
    return crc;
  }

  private static int indexOf(byte[] bytes, byte wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static char[] table() {
    char[] table = new char[SLICES * BYTE_VALUES];
    for (int i = 0; i < BYTE_VALUES; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
      }
      table[i] = (char) crc;
    }
    for (int i = BYTE_VALUES; i < table.length; i++) {
      char oneByteOn = table[i - BYTE_VALUES];
      table[i] = (char) ((oneByteOn << 8) ^ table[oneByteOn >>> 8]);
    }
    return table;
  }
}
