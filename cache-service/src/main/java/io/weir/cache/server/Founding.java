package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.JournalDirectoryException;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftJournal.Beginning;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.nio.file.Path;
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
 * another only when its journal held nothing that the database does not, or when the operator says
 * that it is lost and none of its members answers. A generation's versions are above those of every
 * row, and its number above every one that a master has heard of. The next one may also be founded
 * with the journal of the one before, by a {@link Rescue}, which is finished here.
 *
 * <p><b>Ordering.</b> The directory is made, with its incarnation on disk, before the database is
 * told of it: a founder that dies in between finds itself again, and no other server is it.
 */
final class Founding {

  private static final Logger LOG = LoggerFactory.getLogger(Founding.class);

  private static final String ACCEPT = "weir.raft.accept-loss-of-generation";

  /**
   * The largest version that a row is taken at its word for. Half of all generations lie above it,
   * which no cluster comes to by founding: such a row is somebody else's, and would use them up.
   */
  private static final long LARGEST_VERSION =
      Version.startOf(Version.MAX_GENERATION / 2 + 1, 0).value() - 1;

  private final Path path;
  private final Member address;
  private final NodeId node;
  private final @Nullable Long acceptedLoss;
  private final @Nullable Member formerAddress;
  private final ShardRegistry registry;
  private final OtherMembers others;

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
      ShardRegistry registry,
      OtherMembers.Probe probe) {
    this.path = path;
    this.address = address;
    this.node = node;
    this.acceptedLoss = acceptedLoss;
    this.formerAddress = formerAddress;
    this.registry = registry;
    this.others = new OtherMembers(address, probe);
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
   * @param heard what a master says of the group
   * @return empty when another server founded one meanwhile: read the row again
   * @throws JournalDirectoryException when the directory is another group's, or damaged
   * @throws FoundingRefusedException when the journal may still be somewhere
   */
  Optional<Place> take(ShardRow row, Heard heard) {
    finishRescue(row);
    requireNoLostLog(row);
    if (row.generation() == 0 || (row.secret() == null && row.isClean())) {
      // Nobody has kept a journal of this shard yet.
      return found(row, heard);
    }
    if (isNew(row) && acceptedLoss != null && acceptedLoss == row.generation()) {
      requireGone(row, heard);
      LOG.warn(
          "the loss of generation {} is accepted, members {}: shard={}",
          row.generation(),
          row.members(),
          row.id());
      return found(row, heard);
    }
    if (isNew(row) && isMineAlone(row)) {
      requireClean(row);
      LOG.info(
          "the journal of generation {} is gone; it held nothing that the database does not:"
              + " shard={}",
          row.generation(),
          row.id());
      return found(row, heard);
    }
    return Optional.of(join(row));
  }

  /**
   * A rescue that broke off is finished where the database has its generation. Where it has not,
   * this server is who it was before.
   */
  private void finishRescue(ShardRow row) {
    if (RaftDirectory.finishRescue(path, group(row, row.generation()), row.secret())) {
      LOG.warn(
          "rescued: this directory's journal is that of generation {} from here on: shard={}",
          row.generation(),
          row.id());
    }
  }

  /**
   * A member that the group knows, and that has led or voted, must not come back as who it was with
   * nothing in its log.
   */
  private void requireNoLostLog(ShardRow row) {
    RaftDirectory.Identity identity = RaftDirectory.identityIn(path).orElse(null);
    if (identity == null
        || !RaftDirectory.isUnused(path)
        || !identity.group().equals(group(row, row.generation()))
        || !row.members().contains(identity.member().toString())) {
      return;
    }
    boolean isFounder = row.members().size() == 1;
    boolean hasLed =
        row.knownEpoch() > 0
            || row.term() > row.foundingTerm()
            || RaftDirectory.isRescued(path, identity.group());
    if (!isFounder || hasLed) {
      throw new FoundingRefusedException(
          path
              + " says that it is the member "
              + identity.member()
              + " of generation "
              + row.generation()
              + ", which has kept a journal, and has no log: bring 'log', 'votes' and 'snapshot'"
              + " back, or empty the directory altogether"
              + (isFounder ? "; then, if they are lost for good, " + giveUp(row) : ""));
    }
  }

  /**
   * Whether this server has kept nothing of the shard: no directory, or one that it made for a
   * later generation and did not come to found.
   */
  private boolean isNew(ShardRow row) {
    return RaftDirectory.identityIn(path)
        .map(found -> isMadeForALaterOne(found, row) && RaftDirectory.isUnused(path))
        .orElse(true);
  }

  private static boolean isMadeForALaterOne(RaftDirectory.Identity found, ShardRow row) {
    return RaftSettings.generationOf(found.group(), row.id().toString()).orElse(0)
        > row.generation();
  }

  private boolean isMineAlone(ShardRow row) {
    return row.members().size() == 1
        && Member.parse(row.members().getFirst()).isSameServerAs(address);
  }

  private void requireClean(ShardRow row) {
    if (!row.isClean()) {
      throw new FoundingRefusedException(
          path
              + " holds no journal, and this server was the only member of generation "
              + row.generation()
              + " of shard "
              + row.id()
              + ", whose journal may hold writes that the database does not: mount the directory"
              + " that it had, or set weir.data-dir or weir.raft.directory to it. If it is lost for"
              + " good, "
              + giveUp(row));
    }
  }

  private static String giveUp(ShardRow row) {
    return "start it once with "
        + ACCEPT
        + "="
        + row.generation()
        + ": what was acknowledged and not written back is lost then";
  }

  /** A generation whose members answer is not lost. */
  private void requireGone(ShardRow row, Heard heard) {
    others
        .look(row, heard)
        .filter(OtherMembers.Other::isThere)
        .findFirst()
        .ifPresent(living -> {
          throw lives(row, living);
        });
  }

  private static FoundingRefusedException lives(ShardRow row, OtherMembers.Other living) {
    return new FoundingRefusedException(
        ACCEPT
            + " is "
            + row.generation()
            + ", and that generation is not lost: its member "
            + living.member()
            + " "
            + living.how()
            + ". Take the setting away, and this server waits to be added to the group; or, to give"
            + " up what that member holds, stop it first");
  }

  private Optional<Place> found(ShardRow row, Heard heard) {
    long ofRows = row.generation() == 0 ? generationOfRows(row) : 0;
    NextGeneration next = NextGeneration.above(row, heard, ofRows);
    RaftDirectory directory = openNew(group(row, next.number()));
    String member = directory.member().toString();
    if (!registry.found(row.generation(), next.number(), node, member, next.secret())) {
      LOG.info("another server founded a generation first: shard={}", row.id());
      return Optional.empty();
    }
    LOG.info("founded: node={} shard={} generation={}", node, row.id(), next.number());
    return Optional.of(join(registry.readOrCreate()));
  }

  /** Rows that were there before the shard: their versions must be older than its own. */
  private long generationOfRows(ShardRow row) {
    LOG.info("a new shard: looking for rows that are there already: shard={}", row.id());
    return registry.rowVersions(LARGEST_VERSION).map(rows -> generationOf(rows, row)).orElse(0L);
  }

  private static long generationOf(ShardRegistry.RowVersions rows, ShardRow row) {
    long generation = new Version(rows.largest()).generation();
    LOG.info(
        "the table kv had rows before the shard; the largest version, by one scan, is {}, of"
            + " generation {}: shard={}",
        rows.largest(),
        generation,
        row.id());
    if (rows.above() > 0) {
      LOG.warn(
          "{} rows have versions above {}, which no founding comes to: passed over: shard={}",
          rows.above(),
          LARGEST_VERSION,
          row.id());
    }
    return generation;
  }

  private Place join(ShardRow row) {
    String secret = row.secret();
    if (secret == null) {
      throw new FoundingRefusedException(
          "the database holds no secret of generation "
              + row.generation()
              + " of shard "
              + row.id()
              + ", as a dump without the table group_secret: restore that too, or empty the"
              + " directories of all its servers and "
              + giveUp(row));
    }
    String group = group(row, row.generation());
    if (formerAddress != null) {
      moveFrom(formerAddress, row, group);
    }
    RaftDirectory directory = RaftDirectory.open(path, group, address.host(), address.port());
    boolean founder = row.members().equals(List.of(directory.member().toString()));
    return new Place(directory, group, secret, row, founder ? Beginning.FOUND : Beginning.WAIT);
  }

  /** Takes the journal along from another address, at which nobody may have it still. */
  private void moveFrom(Member former, ShardRow row, String group) {
    Member mine = RaftDirectory.identityIn(path).map(RaftDirectory.Identity::member).orElse(null);
    if (mine != null
        && mine.isSameServerAs(former)
        && !mine.isSameServerAs(address)
        && others.answers(mine, row)) {
      throw new FoundingRefusedException(
          path
              + " belongs to the member "
              + mine
              + ", which still answers at weir.raft.former-address: one of the two directories is a"
              + " copy. Stop that server first, if this one is to go on in its place");
    }
    RaftDirectory.move(path, group, former, address, row.members());
  }

  static String group(ShardRow row, long generation) {
    return RaftSettings.groupOf(row.id().toString(), generation);
  }

  /** Opens the directory of a group to be founded; one that was made for another is made anew. */
  private RaftDirectory openNew(String group) {
    boolean isOther =
        RaftDirectory.identityIn(path).filter(found -> !found.group().equals(group)).isPresent();
    if (isOther && RaftDirectory.isUnused(path)) {
      RaftDirectory.giveUpUnused(path);
    }
    return RaftDirectory.open(path, group, address.host(), address.port());
  }
}
