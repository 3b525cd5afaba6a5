package io.weir.master.registry;

import io.weir.model.NodeId;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Another node holds the shard, or the node id. */
public final class ShardConflictException extends RegistrationRefusedException {

  private static final long serialVersionUID = 1;

  private final transient NodeId holder;
  private final transient @Nullable URI url;
  private final transient Duration lease;

  ShardConflictException(String message, NodeId holder, @Nullable URI url, Duration lease) {
    super(message);
    this.holder = holder;
    this.url = url;
    this.lease = lease;
  }

  /** Who holds it. */
  public NodeId holder() {
    return holder;
  }

  /** Where the holder is; null when it has taken its leave. */
  public @Nullable URI url() {
    return url;
  }

  /** How long the holder's lease still runs; zero when it does not. */
  public Duration lease() {
    return lease;
  }
}
