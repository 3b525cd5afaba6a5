/**
 * The documents that a cache server's endpoints for operators answer with, as both sides read and
 * write them.
 *
 * <p>Their JSON is what operators' scripts read: a field may be added, and none is renamed or
 * removed.
 */
@NullMarked
package io.weir.model.operator;

import org.jspecify.annotations.NullMarked;
