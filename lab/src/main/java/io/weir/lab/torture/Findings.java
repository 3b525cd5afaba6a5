package io.weir.lab.torture;

import java.util.List;

/**
 * What a torture found.
 *
 * @param operations all that had an effect or may have had one, in the order of their calls
 * @param refused requests that certainly had none
 * @param faults what was done, in order
 * @param startNanos when the clients began
 * @param violations keys whose history is not linearizable, each with the operations around
 * @param undecided keys whose history took too much memory to check
 * @param counters what became of the numbers that were added to
 * @param databaseDiffers sentences about keys whose row is not what the caches answer
 * @param wentBack sentences about databases that lacked flushes which they had acknowledged
 */
public record Findings(
    List<Operation> operations,
    long refused,
    List<Nemesis.Event> faults,
    long startNanos,
    List<Violation> violations,
    int undecided,
    Counters.Verdict counters,
    List<String> databaseDiffers,
    List<String> wentBack) {

  /** A key whose history is wrong. */
  record Violation(String key, List<Operation> window) {}

  public boolean isClean() {
    return violations.isEmpty()
        && undecided == 0
        && counters.wrong().isEmpty()
        && databaseDiffers.isEmpty()
        && wentBack.isEmpty();
  }

  /** Writes that were acknowledged. */
  long acknowledged() {
    return operations.stream()
        .filter(op -> !op.isOpen())
        .filter(op -> op.kind() == Operation.Kind.WRITE || op.kind() == Operation.Kind.SWAP)
        .count();
  }

  /** Writes that may have been applied or not. */
  long open() {
    return operations.stream().filter(Operation::isOpen).count();
  }
}
