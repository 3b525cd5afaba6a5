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
import io.weir.model.Excerpt;
import io.weir.model.Headers;
import io.weir.model.Key;
import io.weir.model.Problem;
import io.weir.model.Topology;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
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
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /caches}: the topology, at once or when its version moves. */
@RestController
@Tag(name = "Topology", description = "Who serves which hash slots")
final class CachesController {

  /** What a wait may overrun before its request is given up: far more than one poll. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Set<String> NO_WEIGHT = Set.of("q=0", "q=0.0", "q=0.00", "q=0.000");

  /** Above {@link WatchSettings#maxWait}, and far from overflowing a time in milliseconds. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Registry registry;
  private final TopologyWatch watch;
  private final JsonMapper mapper;
  private final TopologyDocuments documents;

  CachesController(Registry registry, TopologyWatch watch, JsonMapper mapper) {
    this.registry = registry;
    this.watch = watch;
    this.mapper = mapper;
    this.documents = new TopologyDocuments(mapper);
  }

  private record Query(
      Network network, @Nullable Key key, @Nullable String ifNoneMatch, boolean gzip) {}

  @GetMapping(path = "/caches", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "List the cache servers and the hash slots of each",
      description =
          """
          A client asks once and routes by what it is told. To learn of changes it asks again with
          `If-None-Match` and `wait`: the answer comes with the next version, or is 304 at the end
          of the wait. Without `If-None-Match` the wait is for the version after the present one.
          Versions that follow each other within `weir.master.watch.min-interval` are told as one.
          `fastUrl` is where a server's fast port is, which speaks HTTP for `/kv` and the Redis
          protocol; it is absent where a server has none.\
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
  DeferredResult<ResponseEntity<byte[]>> caches(
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
          @Nullable String ifNoneMatch,
      @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false)
          @Nullable String acceptEncoding) {
    Query query =
        new Query(
            network(network),
            key == null ? null : Key.of(key),
            ifNoneMatch,
            acceptEncoding != null && takesGzip(acceptEncoding));
    Duration patience = wait == null ? Duration.ZERO : patience(wait);
    RegistryState now = registry.current();
    DeferredResult<ResponseEntity<byte[]>> result =
        new DeferredResult<>(patience.plus(GRACE).toMillis());
    var _ =
        state(now, ifNoneMatch, patience).thenAccept(then -> result.setResult(answer(then, query)));
    return result;
  }

  /** What to answer with: now, or once it is another than the asker knows. */
  private CompletableFuture<RegistryState> state(
      RegistryState now, @Nullable String ifNoneMatch, Duration patience) {
    if (!patience.isZero()) {
      if (ifNoneMatch == null || matches(ifNoneMatch, now.version())) {
        return watch.await(now.version(), patience);
      }
      long told = watch.toldVersion();
      if (matches(ifNoneMatch, told)) {
        return watch.await(told, patience);
      }
    }
    return CompletableFuture.completedFuture(now);
  }

  private ResponseEntity<byte[]> answer(RegistryState state, Query query) {
    String tag = "\"" + state.version() + "\"";
    if (query.ifNoneMatch() != null && matches(query.ifNoneMatch(), state.version())) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED)
          .eTag(tag)
          .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
          .build();
    }
    ResponseEntity.BodyBuilder response =
        ResponseEntity.ok()
            .contentType(MediaType.APPLICATION_JSON)
            .cacheControl(CacheControl.noCache())
            .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    String waiting = registry.waiting(state);
    if (query.key() != null) {
      Topology topology =
          TopologyView.of(state, query.network()).withWaiting(waiting).withKey(query.key());
      return response.eTag(tag).body(mapper.writeValueAsBytes(topology));
    }
    TopologyDocuments.Document document = documents.of(state, query.network(), waiting);
    // Other bytes than those of the strong tag; the version is the same.
    return query.gzip()
        ? response
            .eTag("W/" + tag)
            .header(HttpHeaders.CONTENT_ENCODING, "gzip")
            .body(document.gzip())
        : response.eTag(tag).body(document.plain());
  }

  /** RFC 9110, 12.5.3: a list of codings, of which one with a weight of zero is not wanted. */
  private static boolean takesGzip(String acceptEncoding) {
    for (String item : acceptEncoding.split(",", -1)) {
      String[] parts = item.strip().toLowerCase(Locale.ROOT).split(";", 2);
      if (parts[0].strip().equals("gzip")) {
        return parts.length == 1 || !NO_WEIGHT.contains(parts[1].replace(" ", ""));
      }
    }
    return false;
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
              "network is 'internal' or 'external', got '" + Excerpt.of(text) + "'.");
    };
  }

  private static Duration patience(String wait) {
    try {
      Duration asked = Durations.parse(wait);
      return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    } catch (IllegalArgumentException e) {
      throw new InvalidQueryException("wait: " + e.getMessage());
    }
  }
}
