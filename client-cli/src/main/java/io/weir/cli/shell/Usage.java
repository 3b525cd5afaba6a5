package io.weir.cli.shell;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made of options and arguments, which may be such that it cannot be made. */
public final class Usage {

  private Usage() {}

  /**
   * Makes it.
   *
   * @throws CommandException when the arguments do not allow it; it says what their exception said
   */
  public static <T extends @Nullable Object> T of(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
