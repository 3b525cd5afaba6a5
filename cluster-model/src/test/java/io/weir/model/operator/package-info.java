@NullMarked
package io.weir.model.operator;

import org.jspecify.annotations.NullMarked;
