/** The sweep that lists a node as down when its lease has run out. */
@NullMarked
package io.weir.master.lease;

import org.jspecify.annotations.NullMarked;
