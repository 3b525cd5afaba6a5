/** The door that sends a request for a key on to the key's owner. */
@NullMarked
package io.weir.master.redirect;

import org.jspecify.annotations.NullMarked;
