package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder of requests, behind {@link HeadScan}, and without a guess where a request tells
 * its length twice. What is refused comes out as a request whose decoding has failed; after it
 * nothing comes.
 */
final class StrictHttpDecoder extends HttpRequestDecoder {

  /** Bytes of a request's head, as at the HTTP port. */
  static final int LONGEST_HEAD = 8 * 1024;

  private static final HttpDecoderConfig CONFIG =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(LONGEST_HEAD)
          .setMaxHeaderSize(LONGEST_HEAD)
          .setMaxChunkSize(32 * 1024)
          .setChunkedSupported(true)
          .setValidateHeaders(true)
          .setStrictLineParsing(true)
          .setAllowDuplicateContentLengths(false)
          .setUseRfc9112TransferEncoding(true);

  private final HeadScan scan = new HeadScan();
  private boolean inHead = true;
  private boolean broken;
  private long headBegan;

  /** Bytes behind the reader's index that are looked at already. */
  private int ahead;

  StrictHttpDecoder() {
    super(CONFIG);
  }

  /** When the head began of which a part has come, in {@link System#nanoTime}; 0 if none has. */
  long headBegan() {
    return headBegan;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (inHead && !looksRight(in)) {
      broken = true;
      headBegan = 0;
      in.skipBytes(in.readableBytes());
      HttpMessage refused = createInvalidMessage();
      refused.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException("the head is not valid HTTP")));
      out.add(refused);
      return;
    }
    int before = in.readerIndex();
    int had = out.size();
    super.decode(context, in, out);
    if (inHead) {
      ahead = Math.max(0, ahead - (in.readerIndex() - before));
      if (out.size() > had) {
        inHead = false;
        headBegan = 0;
      }
    }
    if (out.size() > had && out.getLast() instanceof LastHttpContent) {
      inHead = true;
      ahead = 0;
      scan.reset();
    }
  }

  private boolean looksRight(ByteBuf in) {
    if (headBegan == 0 && in.isReadable()) {
      headBegan = System.nanoTime();
    }
    if (!scan.ended()) {
      int from = in.readerIndex() + ahead;
      int stopped = in.forEachByte(from, in.writerIndex() - from, scan);
      ahead = stopped < 0 ? in.readableBytes() : stopped + 1 - in.readerIndex();
    }
    return !scan.failed();
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("it has a Content-Length and is chunked");
  }
}
