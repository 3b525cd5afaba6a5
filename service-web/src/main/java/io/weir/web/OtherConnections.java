package io.weir.web;

/**
 * What the connections of a service's other ports may take of the heap; those of the HTTP port have
 * as much less.
 */
public record OtherConnections(long heapBytes) {

  static final OtherConnections NONE = new OtherConnections(0);
}
