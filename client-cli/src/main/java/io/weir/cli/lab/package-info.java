/**
 * The commands that start a cluster of their own on this machine: demo, sweep, torture. Options
 * become plans here; everything else is in {@code io.weir.lab}.
 */
@NullMarked
package io.weir.cli.lab;

import org.jspecify.annotations.NullMarked;
