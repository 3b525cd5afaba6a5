package io.weir.client.transport;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What waits for the answer to one request. Called on the connection's event loop, exactly once.
 */
public interface ExchangeListener {

  /**
   * The answer is complete, and the connection takes the next request if it is still open.
   *
   * @param body the content; valid only during the call
   */
  void answered(int status, HttpHeaders headers, ByteBuf body);

  /**
   * There is no answer, and the connection is closed.
   *
   * @param mayHaveArrived false when the server has certainly not seen the request
   */
  void failed(Throwable cause, boolean mayHaveArrived);
}
