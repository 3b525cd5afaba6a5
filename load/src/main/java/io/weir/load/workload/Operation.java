package io.weir.load.workload;

import java.util.Locale;

/** What a client does to a key, in the words of YCSB. */
public enum Operation {
  READ,
  /** Writes a key that is there, or not: a write of the cache needs no entry before it. */
  UPDATE,
  /** Writes a key beyond all those before. */
  INSERT,
  DELETE,
  /** A read, and once it is answered, a write of the same key; one operation. */
  READ_MODIFY_WRITE;

  /** Tells whether it changes its key, which then must be this client's for the while. */
  public boolean writes() {
    return this != READ;
  }

  /** The form of the report. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
