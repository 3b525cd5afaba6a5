@NullMarked
package io.weir.cache.web;

import org.jspecify.annotations.NullMarked;
