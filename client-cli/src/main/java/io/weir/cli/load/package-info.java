/**
 * The load generator: closed-loop clients inside a few event loops, what they measure, and the log
 * of what was acknowledged to them.
 *
 * <p>{@link io.weir.cli.load.LoadRun} is where to start. Knows nothing of the command line.
 */
@NullMarked
package io.weir.cli.load;

import org.jspecify.annotations.NullMarked;
