package io.weir.load.result;

import java.util.List;

/**
 * What the answers to reads were worth, warm-up included.
 *
 * @param checkedReads that could be judged
 * @param staleReads that returned an older value than one acknowledged or read before they began
 * @param corruptReads whose value was damaged, or another key's
 * @param missingReads that found no entry where there had to be one
 * @param examples a sentence for each of the first few
 */
public record Verification(
    long checkedReads,
    long staleReads,
    long corruptReads,
    long missingReads,
    List<String> examples) {

  public Verification {
    examples = List.copyOf(examples);
  }

  /** Number of reads that returned what they must not. */
  public long wrong() {
    return staleReads + corruptReads + missingReads;
  }
}
