/**
 * The backing store: the one place that speaks SQL. {@link BackingStore} is the seam that the
 * engine sees; {@code Jdbc…} are MySQL, MariaDB and H2 behind it.
 */
@NullMarked
package io.weir.cache.store;

import org.jspecify.annotations.NullMarked;
