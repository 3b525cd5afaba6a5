/**
 * The laboratory: a cluster of processes on this machine, and what is done with it. {@code cluster}
 * starts it and looks after it; {@code demo}, {@code sweep} and {@code torture} are above it and do
 * not know each other. Knows nothing of the command line.
 */
@NullMarked
package io.weir.lab;

import org.jspecify.annotations.NullMarked;
