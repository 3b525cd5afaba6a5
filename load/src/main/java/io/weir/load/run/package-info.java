/**
 * The load generator: clients inside a few event loops, in a closed or an open loop, what they
 * measure, and whether the generator itself kept up.
 *
 * <p>{@link io.weir.load.run.LoadRun} is where to start, {@link io.weir.load.run.LoadPlan} says
 * what it is to do. {@code workload} chooses what is asked for, {@code verify} judges what is
 * answered, {@code result} is what comes out. Knows nothing of the command line.
 */
@NullMarked
package io.weir.load.run;

import org.jspecify.annotations.NullMarked;
