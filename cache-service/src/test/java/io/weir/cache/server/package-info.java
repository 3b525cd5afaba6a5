@NullMarked
package io.weir.cache.server;

import org.jspecify.annotations.NullMarked;
