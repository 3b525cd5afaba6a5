package io.weir.cache.server;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.Member;
import io.weir.cache.store.ShardRow;
import io.weir.model.Authority;
import io.weir.model.DatabaseServer;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.RegistrationRequest;
import io.weir.model.ServerFigures;
import io.weir.model.ShardProof;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This server as it presents itself to the masters: its name, its addresses and what it has become.
 * Safe for use by many threads: the journal's says what it has become, and another sends it.
 */
final class ThisServer {

  private final NodeId node;
  private final URI url;
  private final @Nullable URI externalUrl;
  private final Supplier<FastUrls> fastUrls;
  private final Supplier<ServerFigures> figures;

  private @Nullable ShardRow row;
  private @Nullable Member journal;
  private int writesFormat;
  private int waiting;
  private @Nullable DatabaseServer databaseServer;
  private @Nullable ShardProof proof;
  private NodeRole role = NodeRole.JOINING;
  private long generation;
  private long term;

  /**
   * @param fastUrls asked for each registration: the port may be bound later than it begins
   */
  ThisServer(
      NodeId node,
      URI url,
      @Nullable URI externalUrl,
      Supplier<FastUrls> fastUrls,
      Supplier<ServerFigures> figures) {
    this.node = node;
    this.url = url;
    this.externalUrl = externalUrl;
    this.fastUrls = fastUrls;
    this.figures = figures;
  }

  NodeId node() {
    return node;
  }

  /** Where clients of its network reach it. */
  URI url() {
    return url;
  }

  /** Takes in what the database records of the shard. */
  synchronized void know(ShardRow known) {
    row = known;
    generation = known.generation();
    term = known.term();
  }

  /** Takes what proves that it has the shard's database; null when nobody can say. */
  synchronized void proves(@Nullable ShardProof itsProof) {
    proof = itsProof;
  }

  /** Takes its place in the shard's group. */
  synchronized void joins(Member member) {
    journal = member;
  }

  /** Takes the format of the journal that the shard's group writes. */
  synchronized void writesFormat(int format) {
    writesFormat = format;
  }

  /** Takes how many servers wait outside its group, as its leader. */
  synchronized void waiting(int servers) {
    waiting = servers;
  }

  /** Takes the database server that answers it. */
  synchronized void sees(DatabaseServer server) {
    databaseServer = server;
  }

  synchronized void become(NodeRole newRole, long newGeneration, long newTerm) {
    role = newRole;
    generation = newGeneration;
    term = newTerm;
  }

  /** What to send now. */
  synchronized RegistrationRequest registration() {
    ShardRow known = row;
    if (known == null) {
      throw new IllegalStateException("the shard's row has not been read yet");
    }
    FastUrls fast = fastUrls.get();
    Authority authority = Objects.requireNonNull(Authority.of(url));
    return new RegistrationRequest(
        node,
        authority.host(),
        authority.portOr(url.getScheme().equals("https") ? 443 : 80),
        url,
        externalUrl,
        fast.inside(),
        fast.outside(),
        known.id(),
        known.cluster(),
        known.shards(),
        known.ranges(),
        generation,
        term,
        role,
        journal == null ? null : journal.toString(),
        new JournalFormats(JournalFormat.HIGHEST, writesFormat),
        databaseServer,
        figures.get().with(new ServerFigures.Group(waiting)),
        proof);
  }
}
