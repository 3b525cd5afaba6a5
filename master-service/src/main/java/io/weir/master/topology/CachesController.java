package io.weir.master.topology;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.master.registry.Network;
import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryState;
import io.weir.master.registry.TopologyView;
import io.weir.model.Durations;
import io.weir.model.Headers;
import io.weir.model.Key;
import io.weir.model.Problem;
import io.weir.model.Topology;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** {@code GET /caches}: the topology, at once or when its version moves. */
@RestController
@Tag(name = "Topology", description = "Who serves which hash slots")
final class CachesController {

  /** What a wait may overrun before its request is given up: far more than one poll. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Registry registry;
  private final TopologyWatch watch;

  CachesController(Registry registry, TopologyWatch watch) {
    this.registry = registry;
    this.watch = watch;
  }

  @GetMapping(path = "/caches", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "List the cache servers and the hash slots of each",
      description =
          """
          A client asks once and routes by what it is told. To learn of changes it asks again with
          `If-None-Match` and `wait`: the answer comes with the next version, or is 304 at the end
          of the wait. Without `If-None-Match` the wait is for the version after the present one.\
          """)
  @ApiResponse(
      responseCode = "200",
      description = "The topology",
      headers = {
        @Header(
            name = "ETag",
            description = "The version, quoted",
            schema = @Schema(type = "string")),
        @Header(
            name = Headers.TOPOLOGY_VERSION,
            description = "The version",
            schema = @Schema(type = "integer", format = "int64"))
      },
      content = @Content(schema = @Schema(implementation = Topology.class)))
  @ApiResponse(
      responseCode = "304",
      description = "The version is still the one of `If-None-Match`",
      content = @Content)
  @ApiResponse(
      responseCode = "400",
      description = "A parameter cannot be understood",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  @ApiResponse(
      responseCode = "503",
      description = "The registry database does not answer, or too many requests wait",
      headers = @Header(name = "Retry-After", schema = @Schema(type = "integer")),
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  DeferredResult<ResponseEntity<Topology>> caches(
      @Parameter(
              description = "A key: adds its slot, shard and server to the answer",
              example = "user:1")
          @RequestParam(required = false)
          @Nullable String key,
      @Parameter(
              description = "How long to wait for the next version",
              examples = @ExampleObject("30s"))
          @RequestParam(required = false)
          @Nullable String wait,
      @Parameter(
              description =
                  "`external` lists the addresses for clients outside the servers' network",
              schema = @Schema(allowableValues = {"internal", "external"}))
          @RequestParam(defaultValue = "internal")
          String network,
      @Parameter(description = "The version known already, quoted")
          @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
          @Nullable String ifNoneMatch) {
    Key wanted = key == null ? null : Key.of(key);
    Network from = network(network);
    Duration patience = wait == null ? Duration.ZERO : patience(wait);
    RegistryState now = registry.current();
    boolean known = ifNoneMatch != null && matches(ifNoneMatch, now.version());
    boolean waits = !patience.isZero() && (known || ifNoneMatch == null);
    CompletableFuture<RegistryState> state =
        waits ? watch.await(now.version(), patience) : CompletableFuture.completedFuture(now);
    DeferredResult<ResponseEntity<Topology>> result =
        new DeferredResult<>(patience.plus(GRACE).toMillis());
    var _ = state.thenAccept(then -> result.setResult(answer(then, from, wanted, ifNoneMatch)));
    return result;
  }

  private ResponseEntity<Topology> answer(
      RegistryState state, Network network, @Nullable Key key, @Nullable String ifNoneMatch) {
    String tag = "\"" + state.version() + "\"";
    if (ifNoneMatch != null && matches(ifNoneMatch, state.version())) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(tag).build();
    }
    Topology topology = TopologyView.of(state, network).withWaiting(registry.waiting(state));
    return ResponseEntity.ok()
        .eTag(tag)
        .cacheControl(CacheControl.noCache())
        .body(key == null ? topology : topology.withKey(key));
  }

  /** RFC 9110, 13.1.2: a list of tags, compared weakly, or a star. */
  private static boolean matches(String ifNoneMatch, long version) {
    String tag = "\"" + version + "\"";
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .anyMatch(item -> item.equals("*") || item.equals(tag) || item.equals("W/" + tag));
  }

  private static Network network(String text) {
    return switch (text) {
      case "internal" -> Network.INTERNAL;
      case "external" -> Network.EXTERNAL;
      default ->
          throw new InvalidQueryException(
              "network is 'internal' or 'external', got '" + text + "'.");
    };
  }

  private static Duration patience(String wait) {
    try {
      return Durations.parse(wait);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InvalidQueryException("wait: " + e.getMessage());
    }
  }
}
