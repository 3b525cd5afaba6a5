package io.weir.model;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a cache server sends to {@code POST /register}, at its start and as a heartbeat.
 *
 * @param host where it listens; with {@code port} the default of {@code url}
 * @param url where clients and the other servers reach it; null means {@code http://host:port}
 * @param externalUrl where clients outside its network reach it; null when that is {@code url}
 * @param fastUrl where clients reach its fast port, in the scheme that HTTP is spoken in there;
 *     null when it has none, or does not tell
 * @param externalFastUrl where clients outside its network reach that port; null when they do not,
 *     or when it has no external address at all
 * @param shardId the identity in its database
 * @param cluster the cluster that its database belongs to; null when that is not recorded yet
 * @param shards number of shards recorded in its database; null when not recorded yet
 * @param ranges slots recorded in its database; empty when not recorded yet
 * @param generation with {@code term}, its claim: a larger pair wins
 * @param role what it is; a claim to lead counts only with a larger (generation, term)
 * @param journal {@code host:port:incarnation}, its place in its shard's group; null before it has
 *     one
 * @param journalFormats what it reads and writes there; null when it does not tell
 * @param databaseServer that answers it; null when it does not tell
 * @param figures how busy it is; null when it says nothing of it
 * @param proof that it has the shard's database; null from a server that knows of none
 */
public record RegistrationRequest(
    NodeId nodeId,
    String host,
    int port,
    @Nullable URI url,
    @Nullable URI externalUrl,
    @Nullable URI fastUrl,
    @Nullable URI externalFastUrl,
    ShardId shardId,
    @Nullable ClusterId cluster,
    @Nullable Integer shards,
    List<SlotRange> ranges,
    long generation,
    long term,
    NodeRole role,
    @Nullable String journal,
    @Nullable JournalFormats journalFormats,
    @Nullable DatabaseServer databaseServer,
    @Nullable ServerFigures figures,
    @Nullable ShardProof proof) {

  /** Fills in what a short request leaves out, and rejects what cannot be. */
  @SuppressWarnings("ConstantValue") // Jackson hands in null for an absent property.
  public RegistrationRequest {
    Objects.requireNonNull(nodeId, "nodeId is missing");
    Objects.requireNonNull(host, "host is missing");
    Objects.requireNonNull(shardId, "shardId is missing");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port is 1 to 65535, got " + port);
    }
    if (generation < 0 || term < 0) {
      throw new IllegalArgumentException(
          "generation and term are not negative, got " + generation + " and " + term);
    }
    ranges = ranges == null ? List.of() : List.copyOf(ranges);
    role = role == null ? NodeRole.JOINING : role;
  }

  /** Where the server is reached inside its network. */
  public URI advertisedUrl() {
    return url != null ? url : URI.create("http://" + host + ":" + port);
  }
}
