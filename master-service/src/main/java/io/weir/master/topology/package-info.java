/** The door through which clients read the topology and wait for the next version of it. */
@NullMarked
package io.weir.master.topology;

import org.jspecify.annotations.NullMarked;
