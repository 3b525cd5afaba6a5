/**
 * The health check of the images, which have no shell and no curl to make one with. Uses nothing
 * but the JDK, since it runs in a process of its own and without the services' class path.
 */
@NullMarked
package io.weir.web.probe;

import org.jspecify.annotations.NullMarked;
