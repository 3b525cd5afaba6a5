/**
 * Conditions on a load's result: what a run must not show ({@link
 * io.weir.load.threshold.Threshold}), and what a search for the highest rate must keep ({@link
 * io.weir.load.threshold.Objective}).
 */
@NullMarked
package io.weir.load.threshold;

import org.jspecify.annotations.NullMarked;
