package io.weir.master.registration;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.weir.master.registry.MasterSettings;
import io.weir.master.registry.NodeRecord;
import io.weir.master.registry.Registered;
import io.weir.master.registry.RegistrationRefusedException;
import io.weir.master.registry.Registry;
import io.weir.master.registry.UnreadableJournalException;
import io.weir.model.GroupMember;
import io.weir.model.Headers;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.Problem;
import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /register}: how cache servers come, stay and go. */
@RestController
@Tag(name = "Registration", description = "For cache servers")
final class RegistrationController {

  private final Registry registry;
  private final MasterSettings settings;
  private final HttpsOnly httpsOnly;
  private final RefusalLog refusals = new RefusalLog(System::nanoTime);

  RegistrationController(
      Registry registry, MasterSettings settings, ObjectProvider<ServerProperties> server) {
    this.registry = registry;
    this.settings = settings;
    this.httpsOnly = HttpsOnly.asFor(server.getIfAvailable());
  }

  @PostMapping(
      path = "/register",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Register a cache server, or renew its lease",
      description =
          """
          Sent at the start, and again every `heartbeatMillis`. A server that is silent for
          `leaseMillis` is listed as down until it registers again. Repeating a request is harmless.\
          """)
  @RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = RegistrationRequest.class),
              examples =
                  @ExampleObject(
                      """
                      {"nodeId": "cache-1", "host": "127.0.0.1", "port": 7401, "role": "leader",
                       "shardId": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10", "generation": 1, "term": 1}\
                      """)))
  @ApiResponse(
      responseCode = "200",
      description = "Registered; what the shard owns",
      content = @Content(schema = @Schema(implementation = RegistrationResponse.class)))
  @ApiResponse(
      responseCode = "400",
      description = "The body is no registration, or a master with TLS was given a server without",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  @ApiResponse(
      responseCode = "409",
      description =
          "`shard-conflict`: another node bears the id, see `node`, `url` and `leaseMillis`, or the"
              + " shard was founded anew, or the node does not read its journal's format;"
              + " `foreign-shard`: the shard's database records another cluster or other slots",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  @ApiResponse(
      responseCode = "413",
      description = "The body is too large",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  @ApiResponse(
      responseCode = "503",
      description =
          "The registry database does not answer; `no-cluster`: the registry is empty, the shard's"
              + " database records no cluster, and `weir.master.found` is false",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  RegistrationResponse register(
      InputStream body,
      @Parameter(hidden = true) HttpServletRequest from,
      @Parameter(hidden = true) HttpServletResponse response)
      throws IOException {
    RegistrationRequest request = RegistrationBody.read(body);
    LoopbackUrls.refuse(request, from.getRemoteAddr());
    httpsOnly.check(request);
    try {
      Registered registered = registry.register(request);
      requireReadable(registered, request);
      refusals.taken(request.nodeId());
      response.setHeader(Headers.TOPOLOGY_VERSION, Long.toString(registered.state().version()));
      return answer(registered, request);
    } catch (RegistrationRefusedException e) {
      refusals.refused(request, e);
      throw e;
    }
  }

  /** Whoever cannot read what the others of its shard write must not run. */
  private static void requireReadable(Registered registered, RegistrationRequest request) {
    int written =
        registered.state().nodes().stream()
            .filter(node -> node.shard().equals(request.shardId()))
            .filter(node -> !node.id().equals(request.nodeId()))
            .mapToInt(node -> JournalFormats.orFirst(node.journalFormats()).writes())
            .max()
            .orElse(0);
    int reads = JournalFormats.orFirst(request.journalFormats()).reads();
    if (reads < written) {
      throw new UnreadableJournalException(
          "Node "
              + request.nodeId()
              + " reads journal format "
              + reads
              + ", and the group of shard "
              + request.shardId()
              + " writes format "
              + written
              + ": start a version of Weir there that reads format "
              + written
              + ". Its directory is intact.");
    }
  }

  @DeleteMapping("/register/{nodeId}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Forget a cache server that has stopped",
      description = "Its shard and the shard's slots stay. A server that is not known is no error.")
  @ApiResponse(responseCode = "204", description = "It is not registered any more")
  @ApiResponse(
      responseCode = "400",
      description = "That is no node id",
      content = @Content(mediaType = Problem.MEDIA_TYPE))
  void deregister(@Parameter(example = "cache-1") @PathVariable String nodeId) {
    NodeId node;
    try {
      node = new NodeId(nodeId);
    } catch (IllegalArgumentException e) {
      throw new InvalidRegistrationException(e.getMessage() + ".", false);
    }
    registry.deregister(node);
  }

  private RegistrationResponse answer(Registered registered, RegistrationRequest request) {
    List<GroupMember> members =
        registered.state().nodes().stream()
            .filter(node -> node.shard().equals(request.shardId()))
            .map(NodeRecord::groupMember)
            .toList();
    NodeRole role =
        members.stream()
            .filter(member -> member.nodeId().equals(request.nodeId()))
            .map(GroupMember::role)
            .findFirst()
            .orElse(request.role());
    return new RegistrationResponse(
        registered.state().version(),
        registered.founding().cluster(),
        registered.founding().shards(),
        registered.shard().id(),
        registered.shard().ranges(),
        role,
        members,
        registered.shard().claim().generation(),
        settings.lease().toMillis(),
        settings.heartbeat().toMillis());
  }
}
