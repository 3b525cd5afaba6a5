@NullMarked
package io.weir.testing.house.roof;

import org.jspecify.annotations.NullMarked;
