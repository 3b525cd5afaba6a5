@NullMarked
package io.weir.cache.store;

import org.jspecify.annotations.NullMarked;
