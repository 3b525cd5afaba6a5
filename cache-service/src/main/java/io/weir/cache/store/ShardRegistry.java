package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.model.ClusterId;
import io.weir.model.DatabaseServer;
import io.weir.model.NodeId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import java.util.List;
import java.util.Optional;

/**
 * The shard's own record of who it is, kept in its database so that slots follow the data and not a
 * host name. Every method blocks on the database and throws {@link StoreUnavailableException} when
 * it does not answer.
 */
public interface ShardRegistry {

  /**
   * Brings the tables up to date, where that could not be done at the start because the database
   * did not answer. Until then every other method throws {@link StoreUnavailableException}.
   *
   * @throws UnusableDatabaseException when the database answers, and cannot be used as it is
   */
  void prepare();

  /**
   * Returns the shard's row; creates it, with a new identity and generation 0, in an empty
   * database.
   */
  ShardRow readOrCreate();

  /** Returns the shard's row; empty when there is none. */
  Optional<ShardRow> read();

  /**
   * Returns the shard's proof, which its servers show to the masters.
   *
   * @param ifNone to be the shard's, where the database holds none yet
   */
  ShardProof proof(ShardProof ifNone);

  /** Returns the database server that a read meets; empty when it has no name for itself. */
  Optional<DatabaseServer> server();

  /**
   * Records what the master assigned. Recording the same again changes nothing.
   *
   * @throws ForeignShardException when the row records another cluster, number of shards or ranges
   */
  void assign(ClusterId cluster, int shards, List<SlotRange> ranges);

  /**
   * Founds a generation by compare-and-set: its one member, the group's secret, and the term that
   * its own terms count from. From then on the journal may hold what the database does not.
   *
   * @param expectedGeneration the generation that was read
   * @param generation the one to found, larger than that
   * @return false when another node has founded one since
   */
  boolean found(
      long expectedGeneration, long generation, NodeId founder, String member, String secret);

  /**
   * Returns the largest version of a row, by one scan of the table in many short statements; empty
   * when there is no row. Rows above {@code most} are counted and passed over.
   */
  Optional<RowVersions> rowVersions(long most);

  /**
   * What versions the rows have.
   *
   * @param largest of those that are not above the bound; 0 when all are
   * @param above how many are
   */
  record RowVersions(long largest, long above) {}

  /**
   * Records who keeps the journal, under the fence.
   *
   * @throws FencedException when the claim is not the newest
   */
  void recordMembers(Claim claim, List<String> members);

  /** Returns how many members the group is to have; 0 when that is not recorded. */
  int groupSize();

  /**
   * Records how many members the group is to have, under the fence.
   *
   * @throws FencedException when the claim is not the newest
   */
  void recordGroupSize(Claim claim, int members);

  /**
   * Records a reign under the fence, and with it that the journal may hold what the database does
   * not. Recording the same again changes nothing.
   *
   * @param epoch that the leader took by an entry of its log
   * @param holder drawn for this reign
   * @throws FencedException when the claim is not the newest
   * @throws OutdatedJournalException when another reign of this generation, of no smaller epoch, is
   *     recorded; nothing was changed
   */
  void recordReign(Claim claim, long epoch, String holder);

  /**
   * Records, under the fence, that the journal holds nothing that the database does not, as long as
   * nobody leads again. For the lone member of a group, when it stops.
   *
   * @param holder of the reign that is recorded; another one's record is left as it is
   * @throws FencedException when the claim is not the newest
   */
  void recordClean(Claim claim, String holder);

  /**
   * Takes the group's secret out of the row of {@code shard}, which every transaction writes, under
   * the fence; it stays in a table of its own. To be called by a leader whose group no server can
   * join any more that looks for it there. Doing it again changes nothing.
   *
   * <p>What is left there is no secret and not empty: a server that knows only {@code shard} takes
   * an absent one for a shard that never had a journal, and would found the next generation.
   *
   * @throws FencedException when the claim is not the newest
   */
  void forgetOldSecret(Claim claim);
}
