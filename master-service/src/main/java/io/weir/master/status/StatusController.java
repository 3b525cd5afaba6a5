package io.weir.master.status;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.master.registry.Overview;
import io.weir.master.registry.Registry;
import io.weir.model.ClusterStatus;
import io.weir.model.Problem;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /status}: the cluster for people, and for what they look at it with. */
@RestController
@Tag(name = "Status", description = "How the cluster is")
final class StatusController {

  private final Registry registry;

  StatusController(Registry registry) {
    this.registry = registry;
  }

  @GetMapping(path = "/status", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Show the cluster, the load of each server and what has happened",
      description =
          """
          Every master over one registry answers the same. A server's figures are those of its last
          heartbeat, so of a server that is down the last ones known; rates are of the time between
          its last two heartbeats. What begins with `recent` is of the last `recentSeconds`, five
          minutes or less: what the databases were spared, of each server, and of all that are up.
          Clients route by `/caches`, which tells of changes at once.\
          """)
  @ApiResponse(
      responseCode = "200",
      description = "The status",
      content = @Content(schema = @Schema(implementation = ClusterStatus.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The registry database does not answer",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  ResponseEntity<ClusterStatus> status() {
    Overview overview = registry.overview();
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(StatusView.of(overview, registry.waiting(overview.state())));
  }
}
