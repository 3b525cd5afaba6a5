@NullMarked
package io.weir.cache.membership;

import org.jspecify.annotations.NullMarked;
