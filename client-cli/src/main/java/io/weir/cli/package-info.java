/**
 * The command line: one class a command, a thin layer over the client and the load generator.
 *
 * <p>{@link io.weir.cli.WeirCommand} lists the commands.
 */
@NullMarked
package io.weir.cli;

import org.jspecify.annotations.NullMarked;
