/** The door through which people look at the cluster: its status, and where a key is. */
@NullMarked
package io.weir.master.status;

import org.jspecify.annotations.NullMarked;
