/**
 * What a load has measured, as immutable records that are also the JSON document of {@code weir
 * load --json}: the contract between the load, which writes them, and what merges, compares and
 * draws them.
 *
 * <p>{@link io.weir.load.result.LoadResult} is the root, {@link io.weir.load.result.ResultFile}
 * reads and writes it. Depends on nothing else of the command line.
 */
@NullMarked
package io.weir.load.result;

import org.jspecify.annotations.NullMarked;
