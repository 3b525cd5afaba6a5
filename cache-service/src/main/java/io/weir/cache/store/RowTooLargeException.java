package io.weir.cache.store;

import io.weir.model.ByteSize;
import io.weir.model.Key;

/**
 * A row has a value that no setting lets a client put, so that another program has: it is not read,
 * since it need not fit into memory. It can be replaced and deleted.
 */
public final class RowTooLargeException extends StoreException {

  private static final long serialVersionUID = 1;

  public RowTooLargeException(Key key, long bytes, ByteSize most) {
    super(
        "the row of key '"
            + key
            + "' has a value of "
            + bytes
            + " bytes, and one of more than "
            + most
            + " is not read; it can be replaced and deleted");
  }
}
