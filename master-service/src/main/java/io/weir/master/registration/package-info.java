/** The door through which cache servers register, send heartbeats and take their leave. */
@NullMarked
package io.weir.master.registration;

import org.jspecify.annotations.NullMarked;
