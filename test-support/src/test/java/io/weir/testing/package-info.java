@NullMarked
package io.weir.testing;

import org.jspecify.annotations.NullMarked;
