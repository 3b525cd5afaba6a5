@NullMarked
package io.weir.cache.door;

import org.jspecify.annotations.NullMarked;
