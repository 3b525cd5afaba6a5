/**
 * The page on which people watch the cluster: static files, which read {@code /status} and nothing
 * else.
 */
@NullMarked
package io.weir.master.dashboard;

import org.jspecify.annotations.NullMarked;
