/**
 * What the tests of several modules share: the real database that integration tests run on, the
 * layers of a module, tables of the docs that are made of the code. Test code of other modules
 * depends on it; it depends on none of them.
 */
@NullMarked
package io.weir.testing;

import org.jspecify.annotations.NullMarked;
