/**
 * Whether a cache gives back what was written: the form of the values, the log of what was
 * acknowledged, the judgement of each read while the load runs, and the audits after it.
 *
 * <p>{@link io.weir.load.verify.WriteLog} is where to start. Knows neither the load's engine nor
 * the command line.
 */
@NullMarked
package io.weir.load.verify;

import org.jspecify.annotations.NullMarked;
