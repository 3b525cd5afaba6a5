@NullMarked
package io.weir.cache.fast;

import org.jspecify.annotations.NullMarked;
