package io.weir.cache.server;

import io.weir.cache.store.ShardRow;
import io.weir.model.Version;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The number and the secret of a generation that is to be founded. */
record NextGeneration(long number, String secret) {

  private static final Logger LOG = LoggerFactory.getLogger(NextGeneration.class);

  private static final int SECRET_BYTES = 16;

  /**
   * Above the row's generation, those that a master has heard of, and one more.
   *
   * @param ofRows of the largest version in the table; 0 where the row's generation is above it
   * @throws FoundingRefusedException when there is none
   */
  static NextGeneration above(ShardRow row, Heard heard, long ofRows) {
    if (heard.generation() > row.generation()) {
      LOG.warn(
          "a master has heard of generation {} of this shard, and its database records {}: founding"
              + " above both: shard={}",
          heard.generation(),
          row.generation(),
          row.id());
    }
    long highest = Math.max(Math.max(row.generation(), heard.generation()), ofRows);
    if (highest >= Version.MAX_GENERATION) {
      throw new FoundingRefusedException(
          "generation "
              + highest
              + " of shard "
              + row.id()
              + " is the last that there can be; export its rows into a new shard");
    }
    return new NextGeneration(highest + 1, drawSecret());
  }

  private static String drawSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "NextGeneration[" + number + "]";
  }
}
