package io.weir.cache.journal.raft;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One message on a connection between two members.
 *
 * <pre>frame = length:u32 type:u8 flags:u8(1 named successor) id:u64 protobuf crc32c:u32</pre>
 *
 * The length counts what follows it; the checksum covers what stands between. A request and its
 * answer share an id.
 *
 * @param named set on a request for a vote by the successor that the leader has named
 */
record Frame(MessageType type, boolean named, long id, Message message) {

  private static final int HEAD = 1 + 1 + Long.BYTES;
  private static final byte NAMED = 1;

  /** More than any batch, entry or piece of a snapshot has. */
  private static final int MAX_BYTES = 64 << 20;

  static Frame of(Message message, long id, boolean named) {
    return new Frame(MessageType.of(message), named, id, message);
  }

  byte[] encode() {
    int payload = message.getSerializedSize();
    int length = HEAD + payload + Integer.BYTES;
    if (length > MAX_BYTES) {
      throw new IllegalArgumentException("a frame of " + length + " bytes is too long");
    }
    byte[] bytes = new byte[Integer.BYTES + length];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putInt(length).put(type.code()).put(named ? NAMED : 0).putLong(id);
    try {
      CodedOutputStream coded = CodedOutputStream.newInstance(bytes, out.position(), payload);
      message.writeTo(coded);
      coded.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("a message that does not fill its own size", e);
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, Integer.BYTES, HEAD + payload);
    out.putInt(Integer.BYTES + HEAD + payload, (int) checksum.getValue());
    return bytes;
  }

  /**
   * Reads one frame.
   *
   * @throws IOException at the end of the stream, and on anything that is no frame
   */
  static Frame read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < HEAD + Integer.BYTES || length > MAX_BYTES) {
      throw new IOException("no frame: a length of " + length);
    }
    MessageType type = MessageType.of(in.readByte());
    if (type == null) {
      throw new IOException("no frame: a message that this port does not take");
    }
    byte[] bytes = new byte[length - 1];
    in.readFully(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    CRC32C checksum = new CRC32C();
    checksum.update(type.code());
    checksum.update(bytes, 0, bytes.length - Integer.BYTES);
    if (buffer.getInt(bytes.length - Integer.BYTES) != (int) checksum.getValue()) {
      throw new IOException("no frame: the checksum does not match");
    }
    byte flags = buffer.get();
    long id = buffer.getLong();
    try {
      Message message = type.parse(bytes, HEAD - 1, length - HEAD - Integer.BYTES);
      return new Frame(type, (flags & NAMED) != 0, id, message);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("no frame: " + e.getMessage(), e);
    }
  }
}
