/**
 * The registry: its state as immutable records, the rules of a registration as pure functions, and
 * the one class that speaks SQL. Depends on no other feature.
 */
@NullMarked
package io.weir.master.registry;

import org.jspecify.annotations.NullMarked;
