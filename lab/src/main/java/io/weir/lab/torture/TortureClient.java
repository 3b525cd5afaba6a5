package io.weir.lab.torture;

import java.util.List;

/**
 * One client: one operation after the other, each written down with its call, its return and its
 * answer. One thread's own; what it has written down may be read once that has ended.
 */
interface TortureClient {

  /** Does one operation. Returns whether it happened, or may have. */
  boolean next();

  /** Those on keys that are registers. */
  List<Operation> operations();

  /** Requests that were refused, or failed before they could take effect. */
  long refused();
}
