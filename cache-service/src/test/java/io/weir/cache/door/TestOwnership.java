package io.weir.cache.door;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A topology of two halves, of which this server has the lower, as a test sets it. */
public final class TestOwnership implements Ownership {

  /** The first slot of the other half. */
  public static final int FIRST_FOREIGN_SLOT = 8192;

  public volatile boolean assigned = true;
  public volatile boolean ownsNothing;
  public volatile @Nullable URI otherOwner = URI.create("http://127.0.0.1:7402");
  public volatile @Nullable URI leader = URI.create("http://127.0.0.1:7403");
  public volatile long version = 7;

  @Override
  public boolean isAssigned() {
    return assigned;
  }

  @Override
  public boolean owns(int slot) {
    return assigned && !ownsNothing && slot < FIRST_FOREIGN_SLOT;
  }

  @Override
  public @Nullable URI ownerOf(int slot) {
    return otherOwner;
  }

  @Override
  public long termOf(int slot) {
    return 3;
  }

  @Override
  public @Nullable URI leader() {
    return leader;
  }

  @Override
  public long leaderTerm() {
    return 5;
  }

  @Override
  public long topologyVersion() {
    return version;
  }
}
