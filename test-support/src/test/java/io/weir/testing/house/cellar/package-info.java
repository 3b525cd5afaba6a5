@NullMarked
package io.weir.testing.house.cellar;

import org.jspecify.annotations.NullMarked;
