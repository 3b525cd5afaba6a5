/**
 * Bugs that a cache server can be run with, by putting this jar on its class path and naming one in
 * {@code weir.planted}. No release has it: it is there to see that {@code weir torture} finds them.
 */
@NullMarked
package io.weir.planted;

import org.jspecify.annotations.NullMarked;
