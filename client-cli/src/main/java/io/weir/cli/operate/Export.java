package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.client.DeadlineExceededException;
import io.weir.client.NotReachableException;
import io.weir.client.RejectedException;
import io.weir.client.WeirException;
import io.weir.client.operator.EntryLine;
import io.weir.client.operator.OperatorApi;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.operator.EntryPage;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of slots page by page, each from the leader of its shard, and writes its entries
 * down. Holds one page at a time.
 *
 * <p><b>Failure.</b> A page whose server does not answer is asked for again, of whoever leads by
 * then, until the time-out; so a failover in the middle costs nothing but time. What was written
 * before a failure lacks the {@link EndLine}.
 */
final class Export {

  /** Bound of a page's answer: the servers bound a page to 2 MiB of values and one value more. */
  static final int MOST_BYTES = 256 << 20;

  private static final long RETRY_MILLIS = 250;

  private final OperatorApi api;
  private final Duration timeout;
  private final OutputStream out;
  private final Progress progress;

  private Topology topology;
  private long entries;
  private long bytes;

  Export(OperatorApi api, Duration timeout, OutputStream out, Progress progress) {
    this.api = api;
    this.timeout = timeout;
    this.out = out;
    this.progress = progress;
    this.topology = api.topology();
  }

  /** What was written. */
  record Totals(long entries, long bytes) {}

  Totals run(SlotRange range) throws IOException, InterruptedException {
    int next = range.first();
    while (next <= range.last()) {
      SlotRange part = ofOneShard(next, range.last());
      exportPart(range, part);
      next = part.last() + 1;
    }
    write(new EndLine(true, entries).toJson());
    return new Totals(entries, bytes);
  }

  private void exportPart(SlotRange range, SlotRange part)
      throws IOException, InterruptedException {
    @Nullable String after = null;
    do {
      EntryPage page = page(part, after);
      for (EntryPage.Line entry : page.entries()) {
        write(EntryLine.of(entry).toJson());
        entries++;
      }
      after = page.next();
      int slot = after == null ? part.last() : Key.of(after).slot();
      progress.show(line(range, slot));
    } while (after != null);
  }

  private void write(byte[] line) throws IOException {
    out.write(line);
    out.write('\n');
    bytes += line.length + 1;
  }

  /** The slots from one on that belong to one shard, up to a last one. */
  private SlotRange ofOneShard(int first, int last) {
    Shard owner = topology.ownerOf(first);
    if (owner != null) {
      for (SlotRange owned : owner.ranges()) {
        if (owned.contains(first)) {
          return new SlotRange(first, Math.min(last, owned.last()));
        }
      }
    }
    return new SlotRange(first, first); // Whose leader is asked for, in vain or not.
  }

  private EntryPage page(SlotRange part, @Nullable String after) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        return api.entries(Node.leaderOf(part.first(), topology).url(), part, after);
      } catch (WeirException | CommandException e) {
        if (!isPassing(e) || System.nanoTime() >= deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        topology = refreshed();
      }
    }
  }

  /** Whether another server, or the same a little later, may give the page. */
  private static boolean isPassing(RuntimeException e) {
    return switch (e) {
      case RejectedException rejected ->
          rejected.problem().status() == 421 || rejected.problem().status() == 503;
      case NotReachableException _, DeadlineExceededException _, CommandException _ -> true;
      default -> false;
    };
  }

  private Topology refreshed() {
    try {
      return api.refreshedTopology();
    } catch (NotReachableException e) {
      return topology;
    }
  }

  private String line(SlotRange range, int slot) {
    double done = (slot - range.first() + 1.0) / range.size();
    return "export: slot "
        + slot
        + " of "
        + HashSlots.COUNT
        + " ("
        + Figures.share(done)
        + "), "
        + Figures.count(entries)
        + " entries, "
        + Figures.bytes(bytes);
  }
}
