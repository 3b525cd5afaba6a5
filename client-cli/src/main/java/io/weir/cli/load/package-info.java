/**
 * The commands around a load: run it, merge and compare results, verify what was acknowledged.
 * Options become a {@code LoadPlan} here; everything else is in {@code io.weir.load}.
 */
@NullMarked
package io.weir.cli.load;

import org.jspecify.annotations.NullMarked;
