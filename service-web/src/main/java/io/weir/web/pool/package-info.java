/**
 * The part of both services' connection pools that is the same. Depends on HikariCP alone, and
 * needs nothing of the HTTP edge.
 */
@NullMarked
package io.weir.web.pool;

import org.jspecify.annotations.NullMarked;
