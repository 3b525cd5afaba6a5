package io.weir.load.run;

import io.weir.load.workload.Operation;

/** The operation that a client has under way. One object a client, used again. */
final class Task {

  Operation operation = Operation.READ;
  int key;

  /** Of the write, as the log numbered it; 0 for a read. */
  long sequence;

  void set(Operation what, int which, long writeSequence) {
    operation = what;
    key = which;
    sequence = writeSequence;
  }
}
