package io.weir.cache.server;

import io.weir.cache.journal.raft.JournalDirectoryException;
import io.weir.cache.store.StoreException;
import io.weir.model.ProblemType;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/rescue}: what the one member that is left of a group knows and cannot know, and
 * the founding of the next generation with its journal. At that member.
 */
@Endpoint(id = "rescue")
final class RescueEndpoint {

  private final Rescue rescue;

  RescueEndpoint(Rescue rescue) {
    this.rescue = rescue;
  }

  @ReadOperation
  WebEndpointResponse<Object> report() {
    try {
      return new WebEndpointResponse<>(rescue.report());
    } catch (RescueRefusedException e) {
      return refused(e);
    }
  }

  /**
   * Rescues the journal.
   *
   * @param generation that is given up, as the operator was told
   * @return 200, and the process ends; 409 when something stands in the way, 504 when the database
   *     does not say whether it took the generation
   */
  @WriteOperation
  WebEndpointResponse<Object> rescue(long generation) {
    try {
      return new WebEndpointResponse<>(rescue.rescue(generation));
    } catch (RescueRefusedException | FoundingRefusedException | JournalDirectoryException e) {
      return refused(e);
    } catch (StoreException e) {
      return EndpointProblem.of(
          ProblemType.OUTCOME_UNKNOWN,
          "the database did not say whether it took the next generation: "
              + e.getMessage()
              + "; this server ends, and finds out at its next start");
    }
  }

  private static WebEndpointResponse<Object> refused(RuntimeException e) {
    return EndpointProblem.of(ProblemType.RESCUE_REFUSED, String.valueOf(e.getMessage()));
  }
}
