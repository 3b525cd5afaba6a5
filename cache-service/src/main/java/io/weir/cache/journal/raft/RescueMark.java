package io.weir.cache.journal.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a directory keeps of its rescue: that its member founds the next generation of its group,
 * alone and with its whole log.
 *
 * <p><b>Ordering.</b> The mark is on disk before the database is told of the generation, and the
 * identity follows once the database has it. The end of the log is added when the journal of the
 * next generation is opened for the first time: the log has the members that are lost until it has
 * a configuration beyond that end. Then the mark is taken away.
 *
 * <p><b>Failure.</b> The mark counts only for the generation that the database records with the
 * mark's own secret. Beside any other it says nothing, so that it may stay.
 *
 * @param group the next generation's
 * @param secret that it is founded with
 * @param end the last index of the log that is taken along; empty before that is opened
 */
public record RescueMark(String group, String secret, OptionalLong end) {

  private static final String NAME = "rescue";

  /**
   * Reads the mark of a directory.
   *
   * @throws JournalDirectoryException when it is damaged
   */
  public static Optional<RescueMark> in(Path path) {
    Path file = path.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 2 && lines.size() != 3) {
        throw new JournalDirectoryException(file + " is damaged: not two or three lines");
      }
      OptionalLong end =
          lines.size() == 2
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(lines.getLast()));
      return Optional.of(new RescueMark(lines.get(0), lines.get(1), end));
    } catch (IOException e) {
      throw new JournalDirectoryException(file + " cannot be read: " + e, e);
    } catch (NumberFormatException e) {
      throw new JournalDirectoryException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** A rescue that is about to begin. */
  public static RescueMark of(String group, String secret) {
    return new RescueMark(group, secret, OptionalLong.empty());
  }

  RescueMark endingAt(long index) {
    return new RescueMark(group, secret, OptionalLong.of(index));
  }

  /**
   * Keeps the mark in a directory, on disk when this returns, for its owner alone.
   *
   * @throws JournalDirectoryException when it cannot be written
   */
  public void keepIn(Path path) {
    List<String> lines = new ArrayList<>(List.of(group, secret));
    end.ifPresent(index -> lines.add(String.valueOf(index)));
    try {
      DirectoryFile.writeSecret(path, NAME, lines);
    } catch (IOException e) {
      throw new JournalDirectoryException(path + " cannot be written: " + e, e);
    }
  }

  static void removeFrom(Path path) {
    try {
      Files.deleteIfExists(path.resolve(NAME));
    } catch (IOException e) {
      throw new JournalDirectoryException(path + " cannot be written: " + e, e);
    }
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "RescueMark[" + group + ", " + end + "]";
  }
}
