package io.weir.load.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What became of the writes on their way to the databases, all cache servers together, by their own
 * metrics: the differences over the measured time. Writes of others are in it too.
 *
 * @param writes puts and deletes that the cache servers acknowledged
 * @param rows written to the databases
 * @param transactions that wrote them
 * @param statements SQL that these sent, of fence and number too; null in a result of an earlier
 *     release
 * @param coalesced writes that a newer one of their key made superfluous
 */
public record DatabaseResult(
    long writes,
    long rows,
    long transactions,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long statements,
    long coalesced) {}
