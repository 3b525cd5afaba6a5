package io.weir.cache.journal.raft;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.Mutation;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a log entry, big endian:
 *
 * <pre>
 * entry = 1:u8 2:u8                               takes an epoch, in every format
 *       | format:u8 3:u8                          switches the group to that format
 *       | format:u8 1:u8 count:u32 mutation*      mutations, as {@link MutationCodec} has them
 * </pre>
 *
 * <p>Whatever does not read so, to the last byte, is rejected. An entry of a higher format than
 * this version reads is told apart from a damaged one. Stateless.
 */
final class EntryCodec {

  /** Bytes of an entry besides its mutations. */
  static final int ENTRY_OVERHEAD = 6;

  /** Where the number of mutations stands. */
  private static final int COUNT_AT = 2;

  private static final byte MUTATIONS = 1;
  private static final byte EPOCH = 2;
  private static final byte SWITCH = 3;

  private EntryCodec() {}

  /** The entry that takes an epoch. */
  static ByteBuffer epoch() {
    return ByteBuffer.wrap(new byte[] {JournalFormat.FIRST, EPOCH});
  }

  static boolean isEpoch(ByteBuffer entry) {
    return isShort(entry, EPOCH) && entry.get(entry.position()) == JournalFormat.FIRST;
  }

  /** The entry that switches the group to a format. */
  static ByteBuffer switchTo(int format) {
    return ByteBuffer.wrap(new byte[] {(byte) format, SWITCH});
  }

  static boolean isSwitch(ByteBuffer entry) {
    return isShort(entry, SWITCH);
  }

  /**
   * The format that such an entry switches to.
   *
   * @throws JournalFormatException when this version does not read that
   */
  static int switchedTo(ByteBuffer entry) {
    return checked(entry.get(entry.position()));
  }

  private static boolean isShort(ByteBuffer entry, byte kind) {
    return entry.remaining() == 2 && entry.get(entry.position() + 1) == kind;
  }

  private static int checked(byte format) {
    int known = Byte.toUnsignedInt(format);
    if (known == 0) {
      throw new CorruptEntryException("an entry of no format");
    }
    if (known > JournalFormat.HIGHEST) {
      throw JournalFormatException.ofFormat(known);
    }
    return known;
  }

  /**
   * Encodes those mutations that a format has room for.
   *
   * @param mutationBytes that they take in this format, or more
   */
  static ByteBuffer encode(List<Mutation> mutations, int format, int mutationBytes) {
    ByteBuffer out = ByteBuffer.allocate(Math.addExact(ENTRY_OVERHEAD, mutationBytes));
    out.put((byte) format).put(MUTATIONS).putInt(0);
    int count = 0;
    for (Mutation mutation : mutations) {
      if (MutationCodec.isIn(mutation, format)) {
        MutationCodec.write(mutation, format, out);
        count++;
      }
    }
    return out.putInt(COUNT_AT, count).flip();
  }

  /**
   * Decodes an entry of mutations; the buffer's position and limit stay as they are.
   *
   * @throws CorruptEntryException when the bytes are no such entry
   * @throws JournalFormatException when a later version has written them
   */
  static List<Mutation> decode(ByteBuffer entry) {
    ByteBuffer in = entry.duplicate();
    try {
      int format = checked(in.get());
      byte kind = in.get();
      if (kind != MUTATIONS) {
        throw new CorruptEntryException("an entry of the unknown kind " + kind);
      }
      int count = in.getInt();
      if (count < 0 || count > in.remaining() / MutationCodec.smallest(format)) {
        throw new CorruptEntryException(
            "an entry of " + entry.remaining() + " bytes claims " + count + " mutations");
      }
      List<Mutation> mutations = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        mutations.add(MutationCodec.read(format, in));
      }
      if (in.hasRemaining()) {
        throw new CorruptEntryException(in.remaining() + " bytes follow the last mutation");
      }
      return mutations;
    } catch (BufferUnderflowException e) {
      throw new CorruptEntryException("an entry ends in the middle of a mutation");
    }
  }
}
