package io.weir.cache.door;

import io.weir.model.ByteSize;
import java.io.IOException;

/** A request's body comes too slowly: what it holds meanwhile is wanted by others. */
public final class SlowBodyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * @param leastRate bytes of each second that it misses
   */
  public SlowBodyException(long bytes, ByteSize leastRate) {
    super(
        "a body comes with at least "
            + leastRate
            + " a second (weir.requests.min-rate), and of this one there are "
            + bytes
            + " bytes");
  }

  /** For one of which nothing more has come for so long that the connection is given up. */
  public SlowBodyException(long bytes, IOException cause) {
    super("nothing more has come of the body after its first " + bytes + " bytes", cause);
  }
}
