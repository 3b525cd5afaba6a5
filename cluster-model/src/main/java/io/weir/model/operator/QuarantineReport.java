package io.weir.model.operator;

import java.util.List;

/**
 * The rows that a shard's database refuses.
 *
 * @param entries how many rows there are
 * @param bytes that they hold of the quarantine's budget
 * @param rows at most 1,000 of them, those refused for longest first
 */
public record QuarantineReport(long entries, long bytes, List<RefusedRow> rows) {

  public QuarantineReport {
    rows = List.copyOf(rows);
  }
}
