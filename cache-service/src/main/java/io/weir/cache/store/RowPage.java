package io.weir.cache.store;

import io.weir.cache.kv.Row;
import io.weir.model.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a range, in the order of the primary key.
 *
 * @param end up to which key, that one included, they are all; null when they are all of the range
 */
public record RowPage(List<Row> rows, @Nullable Key end) {}
