package io.weir.master.registry;

import io.weir.model.ClusterId;
import io.weir.model.DatabaseServer;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.RegistrationRequest;
import io.weir.model.ServerFigures;
import io.weir.model.ShardId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Registrations that read: {@code node("cache-1").of(SHARD).leading(1, 1)}. */
public final class Registrations {

  private final String node;
  private int port = 7401;
  private @Nullable URI external;
  private @Nullable URI fast;
  private @Nullable URI externalFast;
  private ShardId shard = shard(1);
  private @Nullable String journal;
  private @Nullable JournalFormats formats;
  private @Nullable DatabaseServer database;
  private NodeRole role = NodeRole.JOINING;
  private long generation;
  private long term;
  private @Nullable ClusterId cluster;
  private @Nullable Integer shards;
  private List<SlotRange> ranges = List.of();
  private @Nullable ServerFigures figures;
  private @Nullable ShardProof proof;

  private Registrations(String node) {
    this.node = node;
  }

  public static Registrations node(String id) {
    return new Registrations(id);
  }

  /** The same identity for the same number. */
  public static ShardId shard(int number) {
    return new ShardId(new UUID(0x4000, 0x8000_0000_0000_0000L + number));
  }

  public Registrations of(ShardId id) {
    shard = id;
    return this;
  }

  public Registrations at(int otherPort) {
    port = otherPort;
    return this;
  }

  /** Reached from outside its network. */
  public Registrations outsideAt(String url) {
    external = URI.create(url);
    return this;
  }

  /** With a fast port. */
  public Registrations fastAt(String url) {
    fast = URI.create(url);
    return this;
  }

  /** With a fast port that is reached from outside its network. */
  public Registrations fastOutsideAt(String url) {
    externalFast = URI.create(url);
    return this;
  }

  public Registrations recording(ClusterId of, int count, SlotRange... recorded) {
    cluster = of;
    shards = count;
    ranges = List.of(recorded);
    return this;
  }

  public Registrations saying(ServerFigures with) {
    figures = with;
    return this;
  }

  public RegistrationRequest leading(long withGeneration, long withTerm) {
    role = NodeRole.LEADER;
    generation = withGeneration;
    term = withTerm;
    return joining();
  }

  public RegistrationRequest replicating(long withGeneration, long withTerm) {
    generation = withGeneration;
    term = withTerm;
    return replicating();
  }

  /** With its place in the group. */
  public Registrations journalAt(String place) {
    journal = place;
    return this;
  }

  /** With the formats of the journal that it reads and writes. */
  public Registrations formats(int reads, int writes) {
    formats = new JournalFormats(reads, writes);
    return this;
  }

  /** With the database server that answers it. */
  public Registrations seeing(String server) {
    database = new DatabaseServer(server);
    return this;
  }

  /** With the proof of its shard. */
  public Registrations showing(ShardProof shown) {
    proof = shown;
    return this;
  }

  public RegistrationRequest replicating() {
    role = NodeRole.REPLICA;
    return joining();
  }

  public RegistrationRequest joining() {
    return new RegistrationRequest(
        new NodeId(node),
        "127.0.0.1",
        port,
        null,
        external,
        fast,
        externalFast,
        shard,
        cluster,
        shards,
        ranges,
        generation,
        term,
        role,
        journal,
        formats,
        database,
        figures,
        proof);
  }
}
