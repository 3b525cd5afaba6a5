package io.weir.client.transport;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * A complete answer.
 *
 * @param body the content, 0 bytes or more; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once; equality of answers is never asked for.
public record Response(int status, HttpHeaders headers, byte[] body) {}
