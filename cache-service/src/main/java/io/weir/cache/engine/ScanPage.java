package io.weir.cache.engine;

import io.weir.cache.kv.Row;
import io.weir.model.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next entries of a scan, in the order of the primary key.
 *
 * @param entries may be none although others follow
 * @param next what the next page comes after; null when this was the last
 */
public record ScanPage(List<Row> entries, @Nullable Key next) {}
