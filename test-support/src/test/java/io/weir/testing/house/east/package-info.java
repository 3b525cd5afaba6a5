@NullMarked
package io.weir.testing.house.east;

import org.jspecify.annotations.NullMarked;
