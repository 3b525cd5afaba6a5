/**
 * What a load asks for: which operation, which key, how large a value. Draws from random numbers,
 * sends nothing, knows no clock.
 *
 * <p>{@link io.weir.load.workload.Workload} is where to start.
 */
@NullMarked
package io.weir.load.workload;

import org.jspecify.annotations.NullMarked;
