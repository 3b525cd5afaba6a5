@NullMarked
package io.weir.cache.journal;

import org.jspecify.annotations.NullMarked;
