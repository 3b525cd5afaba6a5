package io.weir.cache.writeback;

import io.weir.model.Key;
import io.weir.model.Version;

/**
 * A row that the database refuses for its data, as the operator sees it.
 *
 * @param reason what the database said
 * @param attempts how often it was tried alone
 */
public record QuarantinedRow(Key key, Version version, String reason, int attempts) {}
