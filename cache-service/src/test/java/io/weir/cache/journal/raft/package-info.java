@NullMarked
package io.weir.cache.journal.raft;

import org.jspecify.annotations.NullMarked;
