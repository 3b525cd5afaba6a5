@NullMarked
package io.weir.testing.house.west;

import org.jspecify.annotations.NullMarked;
