package io.weir.cache.writeback;

import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;

/**
 * A row that the database does not take, as the operator sees it.
 *
 * @param reason what the database said
 * @param attempts how often it was tried alone
 * @param age since when it is dirty
 * @param nextTry in how long it is tried again; zero when that is due
 */
public record QuarantinedRow(
    Key key, Version version, String reason, int attempts, Duration age, Duration nextTry) {}
