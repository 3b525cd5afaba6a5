package io.weir.cache.web;

import io.weir.web.RawExchange;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * The way of an answer to a client that must take it at a least rate: what it holds meanwhile is
 * memory that others wait for. Who takes it too slowly is cut off, and the rest goes nowhere.
 *
 * <p>For one thread.
 */
final class PacedOutput extends ServletOutputStream {

  /** Bytes between two looks at the clock. */
  static final int STEP = 32 * 1024;

  private final ServletOutputStream out;
  private final HttpServletRequest request;
  private final LeastRate leastRate;
  private final long began = System.nanoTime();
  private long taken;
  private boolean cutOff;

  PacedOutput(ServletOutputStream out, HttpServletRequest request, LeastRate leastRate) {
    this.out = out;
    this.request = request;
    this.leastRate = leastRate;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    for (int at = offset; at < end && !cutOff; at += STEP) {
      int step = Math.min(STEP, end - at);
      out.write(bytes, at, step);
      taken += step;
      if (leastRate.isMissedBy(taken, System.nanoTime() - began)) {
        cutOff = true;
        RawExchange.cutOff(request);
      }
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  @Override
  public boolean isReady() {
    return out.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    out.setWriteListener(listener);
  }
}
