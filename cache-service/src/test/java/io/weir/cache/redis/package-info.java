@NullMarked
package io.weir.cache.redis;

import org.jspecify.annotations.NullMarked;
