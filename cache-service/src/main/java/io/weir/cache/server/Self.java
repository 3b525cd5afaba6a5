package io.weir.cache.server;

import io.weir.cache.kv.Leadership;
import io.weir.cache.store.ShardRow;
import io.weir.model.LoadFigures;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.RegistrationRequest;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this server says of itself to a master. Changed by the thread that starts it and the one
 * that sends the heartbeats, which are one.
 */
final class Self {

  private final NodeId node;
  private final URI url;
  private final @Nullable URI externalUrl;
  private final Supplier<LoadFigures> load;

  private @Nullable ShardRow row;
  private NodeRole role = NodeRole.JOINING;
  private long generation;
  private long term;

  Self(NodeId node, URI url, @Nullable URI externalUrl, Supplier<LoadFigures> load) {
    this.node = node;
    this.url = url;
    this.externalUrl = externalUrl;
    this.load = load;
  }

  NodeId node() {
    return node;
  }

  /** Takes in what the database records of the shard. */
  void know(ShardRow known) {
    row = known;
    generation = known.generation();
    term = known.term();
  }

  void become(NodeRole newRole, Leadership leadership) {
    role = newRole;
    generation = leadership.generation();
    term = leadership.term();
  }

  /** What to send now. */
  RegistrationRequest registration() {
    ShardRow known = row;
    if (known == null) {
      throw new IllegalStateException("the shard's row has not been read yet");
    }
    return new RegistrationRequest(
        node,
        url.getHost(),
        url.getPort() > 0 ? url.getPort() : (url.getScheme().equals("https") ? 443 : 80),
        url,
        externalUrl,
        known.id(),
        known.cluster(),
        known.shards(),
        known.ranges(),
        generation,
        term,
        role,
        load.get());
  }
}
