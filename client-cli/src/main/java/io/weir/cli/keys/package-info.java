/** The commands on one key: read it, write it, delete it, find out where it is. */
@NullMarked
package io.weir.cli.keys;

import org.jspecify.annotations.NullMarked;
