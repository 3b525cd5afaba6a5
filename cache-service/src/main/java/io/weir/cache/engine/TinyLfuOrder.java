package io.weir.cache.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * W-TinyLFU (Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy",
 * ACM Transactions on Storage 13(4), 2017): recent entries stand in a small window, the others in a
 * main part, and an entry passes from the one into the other if it was used more often than the
 * entry that leaves for it.
 *
 * <p><b>Lists.</b> A new entry stands at the hot end of the <i>window</i>. What the window has no
 * room for is the <i>candidate</i>: for a duel, and if there is none for long, since the cache is
 * filling, for the main part. The main part is a segmented LRU: an entry comes into its
 * <i>probation</i>, and by its next use into its <i>protected</i> list, whose coldest go back into
 * probation when it has more than four fifths of the main part. All parts are shares of the bytes
 * that the lists hold, since the table's bound is one for all stripes. The {@link WindowClimber}
 * says which share the window has.
 *
 * <p><b>Victim.</b> The candidate, or the coldest of probation: which of them the {@link
 * FrequencySketch} has seen less often, and the candidate if both are equal. So keys that come by
 * once, as in a scan, take each other's place and no one else's.
 *
 * <p><b>What is dirty.</b> Admission refuses no write. The new entry is in the window whatever it
 * is; and a dirty candidate that loses its duel is set aside, as every dirty victim is. Once it is
 * clean it comes back at the cold end of probation: it is the next to leave, or to win a duel.
 *
 * <p><b>Memory.</b> The sketch is charged to the table's bound, and grows while there is room:
 * where a full table comes to hold more, smaller entries, it counts them with what it has.
 *
 * <p><b>Cost.</b> A use moves one entry, and a bounded number of others between the parts. Where
 * the parts are to change by more, that happens over several uses.
 */
final class TinyLfuOrder implements EvictionOrder {

  private static final double PROTECTED_SHARE = 0.8;

  /** Most entries that one use moves from one part to another, besides its own. */
  private static final int MOST_MOVES = 8;

  /**
   * The part of all bytes that candidates may have beyond the window while they wait. A stripe's
   * entries come and the evictions go in turns, since room for one stripe is made in another that
   * has more: candidates wait here for the evictions, rather than pass unchallenged.
   */
  private static final int WAITING_PART = 16;

  private final MemoryBound memory;

  /** Counts uses, and settings aside. */
  private final UseCounter uses = new UseCounter();

  private final RecencyList window = new RecencyList(uses, true);
  private final RecencyList probation = new RecencyList(uses, true);
  private final RecencyList protectedPart = new RecencyList(uses, true);
  private final List<RecencyList> lists = List.of(probation, window, protectedPart);
  private final FrequencySketch sketch = new FrequencySketch();
  private final WindowClimber climber = new WindowClimber();

  /** Of the stripe, those that were set aside too. */
  private int entries;

  TinyLfuOrder(MemoryBound memory) {
    this.memory = memory;
    memory.charge(sketch.bytes(), 0);
  }

  @Override
  public UseCounter uses() {
    return uses;
  }

  @Override
  public void add(Entry entry) {
    entries++;
    if (sketch.isShortOfRoom(entries) && memory.tryCharge(sketch.bytes(), 0)) {
      sketch.grow(); // By what was charged.
    }
    sketch.increment(entry.keyHash());
    climber.missed(entries);
    uses.stamp(entry);
    window.addHottest(entry);
    spillWindow();
  }

  @Override
  public void use(Entry entry) {
    listOfUsed(entry).use(entry);
    spillProtected();
  }

  @Override
  public void replace(Entry old, Entry fresh) {
    listOfUsed(old).useInPlaceOf(old, fresh);
    spillProtected();
  }

  /** Counts a use of an entry. Returns where that brings it. */
  private RecencyList listOfUsed(Entry entry) {
    sketch.increment(entry.keyHash());
    climber.hit(entries);
    return window.holds(entry) ? window : protectedPart;
  }

  @Override
  public @Nullable Entry victim(@Nullable Entry spared) {
    Entry resident = probation.coldestBut(spared);
    if (resident == null) {
      resident = protectedPart.coldestBut(spared);
    }
    Entry recent = window.coldestBut(spared);
    if (resident == null || recent == null) {
      return resident == null ? recent : resident;
    }
    if (window.bytes() <= windowBytes()) {
      return resident;
    }
    if (sketch.frequency(recent.keyHash()) <= sketch.frequency(resident.keyHash())) {
      return recent;
    }
    if (resident.dirt == null) { // Else the next duel is the same candidate's.
      window.remove(recent);
      probation.addHottest(recent);
    }
    return resident;
  }

  /** The entry is stamped, so that those that are parked stand in the order of their parking. */
  @Override
  public void setAside(Entry entry) {
    RecencyList.leave(entry);
    uses.stamp(entry);
  }

  @Override
  public void comeBack(Entry entry) {
    probation.addColdest(entry);
  }

  @Override
  public void remove(Entry entry) {
    RecencyList.leave(entry);
    entries--;
  }

  @Override
  public List<RecencyList> lists() {
    return lists;
  }

  /** Candidates that have waited in vain for an eviction go into the main part. */
  private void spillWindow() {
    long most = windowBytes() + allBytes() / WAITING_PART;
    for (int moves = 0; moves < MOST_MOVES; moves++) {
      Entry candidate = window.coldest();
      if (candidate == null || window.bytes() - candidate.cleanWeight() <= most) {
        return;
      }
      window.remove(candidate);
      probation.addHottest(candidate);
    }
  }

  private void spillProtected() {
    for (int moves = 0; moves < MOST_MOVES; moves++) {
      Entry coldest = protectedPart.coldest();
      long main = probation.bytes() + protectedPart.bytes();
      if (coldest == null || protectedPart.bytes() <= (long) (PROTECTED_SHARE * main)) {
        return;
      }
      protectedPart.remove(coldest);
      probation.addHottest(coldest);
    }
  }

  private long windowBytes() {
    return (long) (climber.windowShare() * allBytes());
  }

  private long allBytes() {
    return window.bytes() + probation.bytes() + protectedPart.bytes();
  }
}
