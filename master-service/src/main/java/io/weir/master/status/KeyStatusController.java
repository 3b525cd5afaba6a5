package io.weir.master.status;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.master.registry.Network;
import io.weir.master.registry.Registry;
import io.weir.master.registry.TopologyView;
import io.weir.model.Key;
import io.weir.model.KeyStatus;
import io.weir.model.ListedServer;
import io.weir.model.Problem;
import io.weir.model.Shard;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /status/keys?key=K}: where a key is, and what its owner says of it. */
@RestController
@Tag(name = "Status", description = "How the cluster is")
final class KeyStatusController {

  private final Registry registry;
  private final KeyProbe probe;

  KeyStatusController(Registry registry, KeyProbe probe) {
    this.registry = registry;
    this.probe = probe;
  }

  @GetMapping(path = "/status/keys", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Look a key up: its slot, shard and owner, and its metadata",
      description =
          """
          The master asks the owner by `HEAD`, which reads the entry into the owner's memory as any
          read does. That the owner does not answer is no error of this request: `entry` is null
          then, and `problem` says why.\
          """)
  @ApiResponse(
      responseCode = "200",
      description = "Where the key is",
      content = @Content(schema = @Schema(implementation = KeyStatus.class)))
  @ApiResponse(
      responseCode = "400",
      description = "The key is not valid",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  @ApiResponse(
      responseCode = "503",
      description = "The registry database does not answer",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  ResponseEntity<KeyStatus> key(
      @Parameter(description = "1 to 512 bytes of UTF-8", example = "user:1") @RequestParam
          String key)
      throws InterruptedException {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(lookUp(Key.of(key)));
  }

  private KeyStatus lookUp(Key key) throws InterruptedException {
    Shard shard = TopologyView.of(registry.current(), Network.INTERNAL).ownerOf(key.slot());
    ListedServer owner = shard == null ? null : shard.servingLeader();
    if (shard == null) {
      return status(key, null, null, null, "No shard owns this slot yet: the cluster is forming.");
    }
    if (owner == null) {
      return status(key, shard, null, null, "The shard has no leader that is up.");
    }
    try {
      return status(key, shard, owner, probe.ask(owner, key), null);
    } catch (UnansweredException e) {
      return status(key, shard, owner, null, e.getMessage());
    }
  }

  private static KeyStatus status(
      Key key,
      @Nullable Shard shard,
      @Nullable ListedServer owner,
      KeyStatus.@Nullable Entry entry,
      @Nullable String problem) {
    return new KeyStatus(
        key.toString(),
        key.slot(),
        shard == null ? null : shard.id(),
        owner == null ? null : owner.nodeId(),
        owner == null ? null : owner.url(),
        entry,
        problem);
  }
}
