/**
 * The journal: what makes an acknowledged write durable, behind one narrow, batch-oriented
 * interface that names no library. It replicates one state machine, the dirty set.
 */
@NullMarked
package io.weir.cache.journal;

import org.jspecify.annotations.NullMarked;
