/**
 * The part that all commands share: terminal, exit codes, the options of every command, and how a
 * failure becomes one sentence. Knows no command.
 */
@NullMarked
package io.weir.cli.shell;

import org.jspecify.annotations.NullMarked;
