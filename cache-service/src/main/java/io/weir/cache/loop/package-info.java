/** What an event loop shares among its connections, whichever protocol they speak. */
@NullMarked
package io.weir.cache.loop;

import org.jspecify.annotations.NullMarked;
