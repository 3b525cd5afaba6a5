@NullMarked
package io.weir.web.security;

import org.jspecify.annotations.NullMarked;
