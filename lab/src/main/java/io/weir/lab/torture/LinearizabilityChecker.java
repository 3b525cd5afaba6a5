package io.weir.lab.torture;

import io.weir.lab.torture.Operation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the history of one key could have come from a single copy of a register: whether
 * its operations can be put in an order, each at some moment between its call and its return, in
 * which every answer is right.
 *
 * <p>The search is that of Wing and Gong, with Lowe's memory of configurations that have been seen:
 * the set of operations put in order so far, and the value they leave. Registers are independent,
 * so that each key is checked by itself.
 *
 * <p>Operations whose outcome is open cost the most, as they may be placed anywhere. A write that
 * somebody has seen took effect before whoever saw it returned; one that nobody has seen is left
 * out at first, and the search is repeated with all of them only when it fails without.
 *
 * @see <a href="https://www.cs.ox.ac.uk/people/gavin.lowe/LinearizabiltyTesting/paper.pdf">Lowe,
 *     Testing for Linearizability</a>
 */
final class LinearizabilityChecker {

  private final int maxConfigurations;

  /**
   * @param maxConfigurations after which a history is given up as undecided; a bound of memory
   */
  LinearizabilityChecker(int maxConfigurations) {
    this.maxConfigurations = maxConfigurations;
  }

  /** What was decided. */
  enum Verdict {
    LINEARIZABLE,
    VIOLATION,
    /** Given up: it took too much memory. */
    UNDECIDED
  }

  /**
   * A verdict.
   *
   * @param window of a violation, the operations around the first one that found no place
   */
  record Result(Verdict verdict, List<Operation> window) {}

  /**
   * Checks the history of one key, which is absent at first.
   *
   * @param history in any order; every written value in it is written once
   */
  Result check(List<Operation> history) {
    List<Operation> closed = closeWhatWasSeen(history);
    List<Operation> certain =
        closed.stream().filter(op -> !op.isOpen() || op.value() == 0).toList();
    Result result = new Search(certain).run();
    return result.verdict() == Verdict.VIOLATION && certain.size() < closed.size()
        ? new Search(closed).run()
        : result;
  }

  /** An open write whose value was seen has taken effect by the time that a witness returned. */
  private static List<Operation> closeWhatWasSeen(List<Operation> history) {
    Map<Integer, Long> seenBy = new HashMap<>();
    for (Operation op : history) {
      int seen = op.kind() == Kind.READ ? op.value() : op.expected();
      if (seen != 0 && op.observed(seen)) {
        seenBy.merge(seen, op.returned(), Math::min);
      }
    }
    List<Operation> closed = new ArrayList<>(history.size());
    for (Operation op : history) {
      Long seen = op.isOpen() && op.value() != 0 ? seenBy.get(op.value()) : null;
      closed.add(seen == null || seen < op.invoked() ? op : op.returnedAt(seen));
    }
    return closed;
  }

  /** One search. Operations that returned come first in its numbering, in the order of calls. */
  private final class Search {

    private static final int HEAD = -1;

    private final Operation[] ops;
    private final int returned;

    /**
     * The calls and returns not yet put in order, by time; call {@code 2i}, return {@code 2i+1}.
     */
    private final int[] next;

    private final int[] previous;
    private int first;
    private final BitSet placed;
    private final Set<Configuration> seen = new HashSet<>();
    private int value;
    private int furthest = -1;
    private int stuckAt;

    Search(List<Operation> history) {
      ops =
          history.stream()
              .sorted(Comparator.comparing(Operation::isOpen).thenComparingLong(Operation::invoked))
              .toArray(Operation[]::new);
      returned = (int) Arrays.stream(ops).filter(op -> !op.isOpen()).count();
      placed = new BitSet(ops.length);
      next = new int[2 * ops.length];
      previous = new int[2 * ops.length];
      link();
    }

    private void link() {
      List<Integer> events = new ArrayList<>();
      for (int i = 0; i < ops.length; i++) {
        events.add(2 * i);
        if (!ops[i].isOpen()) {
          events.add(2 * i + 1);
        }
      }
      // Calls before returns of the same moment: that forbids the least.
      events.sort(
          Comparator.<Integer>comparingLong(this::time).thenComparingInt(event -> event & 1));
      int last = HEAD;
      first = HEAD;
      for (int event : events) {
        previous[event] = last;
        next[event] = HEAD;
        if (last == HEAD) {
          first = event;
        } else {
          next[last] = event;
        }
        last = event;
      }
    }

    private long time(int event) {
      Operation op = ops[event >> 1];
      return (event & 1) == 0 ? op.invoked() : op.returned();
    }

    Result run() {
      Deque<int[]> trail = new ArrayDeque<>();
      int done = 0;
      int event = first;
      while (done < returned) {
        if (event != HEAD && (event & 1) == 0) {
          int op = event >> 1;
          Integer after = step(ops[op], value);
          if (after != null && place(op, after)) {
            trail.push(new int[] {op, value});
            value = after;
            done += ops[op].isOpen() ? 0 : 1;
            takeOut(op);
            event = first;
            if (seen.size() > maxConfigurations) {
              return new Result(Verdict.UNDECIDED, List.of());
            }
          } else {
            event = next[event];
          }
          continue;
        }
        if (event != HEAD && done > furthest) {
          furthest = done;
          stuckAt = event >> 1;
        }
        // Something has returned that is not in order yet: go back.
        if (trail.isEmpty()) {
          return new Result(Verdict.VIOLATION, window());
        }
        int[] last = trail.pop();
        placed.clear(last[0]);
        value = last[1];
        done -= ops[last[0]].isOpen() ? 0 : 1;
        putBack(last[0]);
        event = next[2 * last[0]];
      }
      return new Result(Verdict.LINEARIZABLE, List.of());
    }

    /** The value after an operation; null when it cannot come next. */
    private @Nullable Integer step(Operation op, int now) {
      return switch (op.kind()) {
        case READ -> op.value() == now ? now : null;
        case WRITE -> op.value();
        case SWAP -> op.expected() == now ? Integer.valueOf(op.value()) : null;
        case FAILED_SWAP -> op.expected() == now ? null : Integer.valueOf(now);
      };
    }

    /** Notes an operation as placed, unless that leads where the search has been. */
    private boolean place(int op, int after) {
      placed.set(op);
      if (seen.add(configuration(after))) {
        return true;
      }
      placed.clear(op);
      return false;
    }

    /**
     * What has been placed, without the operations that everything after has passed: those that
     * returned are placed nearly in the order of their calls, so that few words tell.
     */
    private Configuration configuration(int after) {
      int from = placed.nextClearBit(0) >> 6;
      long[] words = placed.toLongArray();
      return new Configuration(
          from,
          from >= words.length ? new long[0] : Arrays.copyOfRange(words, from, words.length),
          after);
    }

    private void takeOut(int op) {
      unlink(2 * op);
      if (!ops[op].isOpen()) {
        unlink(2 * op + 1);
      }
    }

    private void unlink(int event) {
      if (previous[event] == HEAD) {
        first = next[event];
      } else {
        next[previous[event]] = next[event];
      }
      if (next[event] != HEAD) {
        previous[next[event]] = previous[event];
      }
    }

    /** The reverse of {@link #takeOut}; each event remembers its neighbours. */
    private void putBack(int op) {
      if (!ops[op].isOpen()) {
        relink(2 * op + 1);
      }
      relink(2 * op);
    }

    private void relink(int event) {
      if (previous[event] == HEAD) {
        first = event;
      } else {
        next[previous[event]] = event;
      }
      if (next[event] != HEAD) {
        previous[next[event]] = event;
      }
    }

    /** What overlaps the operation that found no place, and what came just before. */
    private List<Operation> window() {
      Operation stuck = ops[stuckAt];
      List<Operation> near =
          Arrays.stream(ops)
              .filter(op -> op.invoked() <= stuck.returned())
              .sorted(Comparator.comparingLong(Operation::invoked))
              .toList();
      int from = Math.max(0, near.size() - 20);
      return near.subList(from, near.size());
    }
  }

  /** Compared by its words. */
  @SuppressWarnings("ArrayRecordComponent") // Not handed out.
  private record Configuration(int from, long[] words, int value) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Configuration that
          && from == that.from
          && value == that.value
          && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(words) + value) + from;
    }
  }
}
