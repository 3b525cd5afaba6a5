/**
 * The real database that integration tests run on. Test code of other modules depends on it; it
 * depends on none of them.
 */
@NullMarked
package io.weir.testing;

import org.jspecify.annotations.NullMarked;
