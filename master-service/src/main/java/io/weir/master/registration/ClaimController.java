package io.weir.master.registration;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.master.registry.Registry;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.model.ShardId;
import io.weir.web.ProblemWriter;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code DELETE /shards/ID/claim}: the way out where a claim stands that should not. */
@RestController
@Tag(name = "Registration")
final class ClaimController {

  private static final Logger log = LoggerFactory.getLogger("registry");

  private final Registry registry;

  ClaimController(Registry registry) {
    this.registry = registry;
  }

  @DeleteMapping("/shards/{shardId}/claim")
  @Operation(
      summary = "Forget who leads a shard, and which servers it has",
      description =
          """
          Its slots stay. The shard's own servers say all of it again with their next heartbeat; who
          registers first then says what they have to prove. For a claim to lead that nobody of the
          shard has made, a restored database, and a step back to an earlier release.\
          """)
  @ApiResponse(responseCode = "204", description = "It is forgotten")
  @ApiResponse(
      responseCode = "400",
      description = "That is no shard id",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  @ApiResponse(
      responseCode = "404",
      description = "No such shard has registered",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  ResponseEntity<Map<String, Object>> forget(
      @Parameter(example = "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10") @PathVariable String shardId) {
    ShardId shard;
    try {
      shard = ShardId.parse(shardId);
    } catch (IllegalArgumentException e) {
      throw new InvalidRegistrationException("A shard's id is a UUID.", false);
    }
    if (!registry.forgetClaim(shard)) {
      return ProblemWriter.entity(
          Problem.of(ProblemType.NO_SUCH_RESOURCE, "No shard " + shard + " has registered here."));
    }
    log.warn("an operator had shard {} forget its leader, its servers and their proof", shard);
    return ResponseEntity.noContent().build();
  }
}
