package io.weir.lab.demo;

import io.weir.load.result.DatabaseResult;
import io.weir.load.result.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * What a demo has measured. When it began and when it ended, nothing was dirty: what the databases
 * executed in between is what the writes in between have cost, all of it.
 *
 * @param seconds from the begin to the end, of both loops
 * @param spared by the cache servers' count; null when one of them did not tell
 * @param mysql by the servers' own count; null without {@code --mysql}
 */
record Measurement(
    double seconds,
    @Nullable DatabaseResult spared,
    MysqlCounters.@Nullable Count mysql,
    WarmUp.Outcome warmUp,
    LoadResult closed,
    LoadResult open) {}
