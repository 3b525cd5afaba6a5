package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of a connection apart as their bytes come: a head, and then where the bytes of
 * its body are. Of its event loop.
 */
final class RequestReader {

  private final HeadScan scan;

  /** Bytes behind the reader's index that are looked at already. */
  private int ahead;

  private long headBegan;
  private boolean isInBody;
  private @Nullable ChunkedBody chunks;
  private long left;

  /**
   * @param scratch for use while a method of this runs, and by others of the event loop
   */
  RequestReader(byte[] scratch) {
    scan = new HeadScan(scratch);
  }

  /** When the head began of which a part has come, in {@link System#nanoTime}; 0 if none has. */
  long headBegan() {
    return headBegan;
  }

  /**
   * Takes the next head.
   *
   * @return null while it has not come
   * @throws HttpHead.RefusedException when it is none
   */
  @Nullable RawHead head(ByteBuf in) throws HttpHead.RefusedException {
    while (!scan.ended()) {
      int looked = scan.scan(in, in.readerIndex() + ahead);
      if (looked == 0) {
        if (headBegan == 0 && ahead > 0) {
          headBegan = System.nanoTime();
        }
        return null;
      }
      ahead += looked;
      if (scan.failed()) {
        throw HttpHead.notHttp("The request is not valid HTTP, or its head is too long.");
      }
      int before = ahead - scan.length(); // Empty lines.
      in.skipBytes(before);
      ahead -= before;
    }
    byte[] line = new byte[scan.firstLineEnd()];
    in.readBytes(line).skipBytes(HeadScan.LINE_END);
    RawHead head = new RawHead(line, scan.methodEnd(), scan.targetEnd(), fields(in));
    scan.reset();
    ahead = 0;
    headBegan = 0;
    return head;
  }

  /** Takes the fields of a head, which are mostly those of the one before. */
  private RawFields fields(ByteBuf in) {
    RawFields known = scan.known();
    if (known != null) {
      in.skipBytes(known.bytes().length);
      return known;
    }
    byte[] bytes = new byte[ahead - scan.firstLineEnd() - HeadScan.LINE_END];
    in.readBytes(bytes);
    RawFields fields = new RawFields(bytes, scan.fieldMarks());
    scan.keep(fields);
    return fields;
  }

  /** A head's body comes next. */
  void expectBody(HttpHead head) {
    isInBody = true;
    left = head.fields().contentLength();
    chunks = head.fields().isChunked() ? new ChunkedBody(scan) : null;
  }

  /** Whether a body is being taken, and its end has not been. */
  boolean isInBody() {
    return isInBody;
  }

  /**
   * How many bytes of the body are at the buffer's reader index; takes what is before them.
   *
   * @return 0 when there are none
   * @throws HttpHead.RefusedException when it is no body
   */
  int part(ByteBuf in) throws HttpHead.RefusedException {
    return chunks == null ? (int) Math.min(left, in.readableBytes()) : chunks.part(in);
  }

  /** So many bytes of the body are taken. */
  void took(int bytes) {
    if (chunks == null) {
      left -= bytes;
    } else {
      chunks.took(bytes);
    }
  }

  /** Takes the body's end; false when that has not come. */
  boolean tookEnd() {
    if (chunks == null ? left > 0 : !chunks.ended()) {
      return false;
    }
    chunks = null;
    isInBody = false;
    return true;
  }
}
