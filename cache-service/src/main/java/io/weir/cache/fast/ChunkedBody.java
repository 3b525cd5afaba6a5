package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;

/**
 * Where the bytes of a body are that comes in chunks (RFC 9112, section 7.1), as they come. What
 * stands in a chunk's line behind its size is passed over, whatever text it is, as are the fields
 * behind the last chunk. A line that ends in LF alone is refused, and so is a size that is not in
 * the grammar. Of its event loop.
 */
final class ChunkedBody {

  /** Bytes of a chunk's line, which has its size and whatever nobody asked for. */
  private static final int LONGEST_LINE = 1024;

  private static final int MOST_DIGITS = 15;

  private enum At {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    FIELDS,
    END
  }

  private final HeadScan fields;
  private At at = At.SIZE;
  private int inLine;
  private long left;

  /**
   * @param fields looks at the fields that may follow, and is left between two heads
   */
  ChunkedBody(HeadScan fields) {
    this.fields = fields;
  }

  boolean ended() {
    return at == At.END;
  }

  /**
   * How many bytes of the body are at the buffer's reader index; takes what is before them.
   *
   * @return 0 when there are none, or the body has ended
   * @throws HttpHead.RefusedException when it is no body
   */
  int part(ByteBuf in) throws HttpHead.RefusedException {
    while (in.isReadable() && at != At.DATA && at != At.END) {
      if (at == At.FIELDS) {
        takeFields(in);
      } else {
        at = next(in.readByte());
      }
    }
    return at == At.DATA ? (int) Math.min(left, in.readableBytes()) : 0;
  }

  /** So many bytes of the body are taken. */
  void took(int bytes) {
    left -= bytes;
    if (left == 0) {
      at = At.DATA_CR;
    }
  }

  private At next(byte b) throws HttpHead.RefusedException {
    return switch (at) {
      case SIZE -> size(b);
      case EXTENSION -> {
        inLine++;
        boolean isText = b == '\t' || (b >= ' ' && b <= '~') || b < 0;
        yield b == '\r' ? At.SIZE_LF : only(isText && inLine <= LONGEST_LINE, At.EXTENSION);
      }
      case SIZE_LF -> {
        inLine = 0;
        if (left == 0) {
          fields.resetToFields();
        }
        yield only(b == '\n', left == 0 ? At.FIELDS : At.DATA);
      }
      case DATA_CR -> only(b == '\r', At.DATA_LF);
      case DATA_LF -> only(b == '\n', At.SIZE);
      case DATA, FIELDS, END -> throw new IllegalStateException();
    };
  }

  private At size(byte b) throws HttpHead.RefusedException {
    int digit = Character.digit(b, 16);
    if (b >= 0 && digit >= 0) {
      inLine++;
      left = left << 4 | digit;
      return only(inLine <= MOST_DIGITS, At.SIZE);
    }
    only(inLine > 0, At.SIZE);
    return b == '\r' ? At.SIZE_LF : only(b == ';', At.EXTENSION);
  }

  private void takeFields(ByteBuf in) throws HttpHead.RefusedException {
    in.skipBytes(fields.scan(in, in.readerIndex()));
    only(!fields.failed(), at);
    if (fields.ended()) {
      fields.reset();
      at = At.END;
    }
  }

  private static At only(boolean holds, At next) throws HttpHead.RefusedException {
    if (!holds) {
      throw HttpHead.notHttp("The request's body is not valid HTTP.");
    }
    return next;
  }
}
