package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.JournalDirectoryException;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftJournal.Beginning;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.model.NodeId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which generation of the shard's group this server belongs to, and whether it founds it.
 *
 * <p><b>Invariants.</b> A generation has one founder, elected by the database. A server whose disk
 * is empty comes as a new member and never votes for the old one's log. A generation is followed by
 * another only when nobody else can hold a part of its journal, or when the operator says that it
 * is lost.
 *
 * <p><b>Ordering.</b> The directory is made, with its incarnation on disk, before the database is
 * told of it: a founder that dies in between finds itself again, and no other server is it.
 */
final class Founding {

  private static final Logger LOG = LoggerFactory.getLogger(Founding.class);

  private static final int SECRET_BYTES = 16;

  private final Path path;
  private final Member address;
  private final NodeId node;
  private final @Nullable Long acceptedLoss;
  private final @Nullable Member formerAddress;
  private final ShardRegistry registry;

  /**
   * @param path of the journal's directory
   * @param address host and port of this server's journal, of whatever incarnation
   * @param acceptedLoss the generation that the operator gives up; null for none
   * @param formerAddress where the journal was before this server moved; null where it has not
   */
  Founding(
      Path path,
      Member address,
      NodeId node,
      @Nullable Long acceptedLoss,
      @Nullable Member formerAddress,
      ShardRegistry registry) {
    this.path = path;
    this.address = address;
    this.node = node;
    this.acceptedLoss = acceptedLoss;
    this.formerAddress = formerAddress;
    this.registry = registry;
  }

  /**
   * A server's place.
   *
   * @param row that records the generation
   * @param beginning counts while the log is empty
   */
  record Place(
      RaftDirectory directory, String group, String secret, ShardRow row, Beginning beginning) {

    /** Leaves the secret out. */
    @Override
    public String toString() {
      return "Place[" + group + ", " + row + ", " + beginning + "]";
    }
  }

  /**
   * Takes this server's place in the group that a row records, or founds the next generation.
   *
   * @return empty when another server founded one meanwhile: read the row again
   * @throws JournalDirectoryException when the directory is another group's, or damaged
   */
  Optional<Place> take(ShardRow row) {
    boolean isNew = isNew(row);
    if (row.generation() == 0 || row.secret() == null) {
      // Nobody has kept a journal of this shard yet.
      return found(row);
    }
    if (isNew && isMineAlone(row)) {
      LOG.warn(
          "the journal of generation {} is gone, and this server was its only member: what it had"
              + " acknowledged and not written back is lost; founding generation {}: shard={}",
          row.generation(),
          row.generation() + 1,
          row.id());
      return found(row);
    }
    if (isNew && acceptedLoss != null && acceptedLoss == row.generation()) {
      LOG.warn(
          "the loss of generation {} is accepted, members {}: founding generation {}: shard={}",
          row.generation(),
          row.members(),
          row.generation() + 1,
          row.id());
      return found(row);
    }
    return Optional.of(join(row));
  }

  /**
   * Whether this server has kept nothing of the shard: no directory, or one that it made for the
   * next generation and did not come to found.
   */
  private boolean isNew(ShardRow row) {
    String next = RaftSettings.groupOf(row.id().toString(), row.generation() + 1);
    return RaftDirectory.identityIn(path)
        .map(found -> found.group().equals(next) && RaftDirectory.isUnused(path))
        .orElse(true);
  }

  private boolean isMineAlone(ShardRow row) {
    return row.members().size() == 1
        && Member.parse(row.members().getFirst()).isSameServerAs(address);
  }

  private Optional<Place> found(ShardRow row) {
    long generation = row.generation() + 1;
    RaftDirectory directory = open(RaftSettings.groupOf(row.id().toString(), generation));
    String member = directory.member().toString();
    if (!registry.found(row.generation(), node, member, secret())) {
      LOG.info("another server founded generation {} first: shard={}", generation, row.id());
      return Optional.empty();
    }
    LOG.info("founded: node={} shard={} generation={}", node, row.id(), generation);
    return Optional.of(join(registry.readOrCreate()));
  }

  private Place join(ShardRow row) {
    String group = RaftSettings.groupOf(row.id().toString(), row.generation());
    if (formerAddress != null) {
      RaftDirectory.move(path, group, formerAddress, address, row.members());
    }
    RaftDirectory directory = open(group);
    boolean founder = row.members().equals(List.of(directory.member().toString()));
    String secret = row.secret();
    if (secret == null) {
      throw new IllegalStateException("the row of shard " + row.id() + " has no secret");
    }
    return new Place(directory, group, secret, row, founder ? Beginning.FOUND : Beginning.WAIT);
  }

  private RaftDirectory open(String group) {
    return RaftDirectory.open(path, group, address.host(), address.port());
  }

  private static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
