/**
 * {@code weir torture}: a cluster of processes is hurt in every way that can be arranged on one
 * machine while clients write down what they were answered, and afterwards that is held against
 * what was promised.
 */
@NullMarked
package io.weir.lab.torture;

import org.jspecify.annotations.NullMarked;
