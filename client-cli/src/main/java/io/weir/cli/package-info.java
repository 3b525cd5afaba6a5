/**
 * The command line: options in, text and exit codes out. {@link io.weir.cli.WeirCommand} lists the
 * commands, which are in {@code keys}, {@code operate}, {@code load} and {@code lab}, one class
 * each.
 *
 * <p>{@code shell} is below all of them and knows none; {@code lab} uses options of {@code load}.
 * The work is done by the client and by the libraries of {@code load} and {@code lab}.
 */
@NullMarked
package io.weir.cli;

import org.jspecify.annotations.NullMarked;
