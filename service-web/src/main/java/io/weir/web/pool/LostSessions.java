package io.weir.web.pool;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Tells the pool of H2's errors after which a connection is of no use, as it does not know them: it
 * would hand the connection out again, and look at it only once nobody has wanted it for 500 ms.
 */
public final class LostSessions implements SQLExceptionOverride {

  /** The server is gone; and: the session is closed. */
  private static final Set<Integer> CODES = Set.of(90067, 90121);

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    return CODES.contains(failure.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
