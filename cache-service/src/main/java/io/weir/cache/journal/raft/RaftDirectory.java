package io.weir.cache.journal.raft;

import io.weir.cache.journal.Member;
import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one member: who it is, its log, its votes and its snapshots.
 *
 * <p>The identity is drawn when the directory is empty and stays with its contents: whoever loses
 * them comes back as another member.
 *
 * <p><b>Moving.</b> A lone member takes its directory along to another address. Its log names
 * members by their addresses, and may go on naming it by the old one, so who it was stays beside
 * the identity. Nobody else can ever have been that: the incarnation is its own.
 *
 * <p><b>Rescue.</b> The one member that is left of a group founds the next generation in its own
 * directory, by a {@link RescueMark}.
 */
public final class RaftDirectory {

  private static final String IDENTITY = "identity";
  private static final String FORMER = "identity.former";
  static final String LOG = "log";
  private static final String VOTES = "votes";
  private static final String SNAPSHOT = "snapshot";

  private final Path path;
  private final String group;
  private final Member member;
  private final List<Member> former;

  private RaftDirectory(Path path, String group, Member member) {
    this.path = path;
    this.group = group;
    this.member = member;
    this.former = formerIn(path);
  }

  /**
   * Reads who a directory belongs to; empty when it belongs to nobody yet.
   *
   * @throws JournalDirectoryException when it is damaged
   */
  public static Optional<Identity> identityIn(Path path) {
    Path file = path.resolve(IDENTITY);
    try {
      if (!Files.exists(file)) {
        if (Files.exists(path.resolve(LOG)) || Files.exists(path.resolve(VOTES))) {
          throw new JournalDirectoryException(
              path + " holds a journal without the file '" + IDENTITY + "' that says whose");
        }
        return Optional.empty();
      }
      if (Files.exists(path.resolve(VOTES)) && !Files.exists(path.resolve(LOG))) {
        throw new JournalDirectoryException(
            path + " has lost its log, and must not come back as who it was: empty it altogether");
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 2) {
        throw new JournalDirectoryException(file + " is damaged: not two lines");
      }
      return Optional.of(new Identity(lines.get(0), Member.parse(lines.get(1))));
    } catch (IOException e) {
      throw new JournalDirectoryException(file + " cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new JournalDirectoryException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Whose journal a directory holds. */
  public record Identity(String group, Member member) {}

  /** Whether no journal was ever begun in a directory. */
  public static boolean isUnused(Path path) {
    return !Files.exists(path.resolve(LOG)) && !Files.exists(path.resolve(VOTES));
  }

  /**
   * Gives up an identity under which no journal was ever begun, so that another can be drawn.
   *
   * @throws JournalDirectoryException when it cannot be deleted
   * @throws IllegalStateException when a journal was begun
   */
  public static void giveUpUnused(Path path) {
    if (!isUnused(path)) {
      throw new IllegalStateException(path + " holds a journal");
    }
    try {
      Files.deleteIfExists(path.resolve(IDENTITY));
    } catch (IOException e) {
      throw new JournalDirectoryException(path + " cannot be written: " + e, e);
    }
  }

  /**
   * Opens a member's directory, or makes it, with a new incarnation, on disk when this returns.
   *
   * @throws JournalDirectoryException when it belongs to another group or address, or to a
   *     generation that is not the database's
   */
  public static RaftDirectory open(Path path, String group, String host, int port) {
    Identity found = identityIn(path).orElse(null);
    if (found == null) {
      int incarnation = 1 + new SecureRandom().nextInt(Integer.MAX_VALUE - 1);
      Member member = new Member(host, port, incarnation);
      try {
        PrivateFiles.createDirectories(path);
      } catch (IOException e) {
        throw new JournalDirectoryException(path + " cannot be written: " + e, e);
      }
      write(path, IDENTITY, List.of(group, member.toString()));
      return new RaftDirectory(path, group, member);
    }
    if (!found.group().equals(group)) {
      throw new JournalDirectoryException(
          path
              + " holds the journal of the group "
              + found.group()
              + ", not of "
              + group
              + ": either this is another shard's directory, or the shard was founded anew without"
              + " this server");
    }
    if (!found.member().isSameServerAs(new Member(host, port, 1))) {
      throw new JournalDirectoryException(
          path
              + " belongs to the member at "
              + found.member().host()
              + ":"
              + found.member().port()
              + ", and this server is at "
              + host
              + ":"
              + port
              + ": give it its old address; or name that in weir.raft.former-address, if it was its"
              + " group's only member and has moved; or, if others keep the journal, give it an empty"
              + " directory");
    }
    return new RaftDirectory(path, group, found.member());
  }

  /**
   * Takes the directory of a group's only member along to another address, on disk when this
   * returns. Nothing is done to a directory without a log, to another group's or another address's,
   * nor to one that has moved already.
   *
   * @param from the address that it had; of whatever incarnation
   * @param to the address that it has from now on; of whatever incarnation
   * @param recorded the group's members, as the database has them
   * @throws JournalDirectoryException when the group has other members
   */
  public static void move(Path path, String group, Member from, Member to, List<String> recorded) {
    Identity found = identityIn(path).orElse(null);
    if (found == null
        || isUnused(path)
        || !found.group().equals(group)
        || !found.member().isSameServerAs(from)
        || from.isSameServerAs(to)) {
      return;
    }
    List<Member> former = new ArrayList<>(formerIn(path));
    former.add(found.member());
    // The database may not have been told of an earlier move.
    if (recorded.size() != 1 || !former.contains(Member.parse(recorded.getFirst()))) {
      throw new JournalDirectoryException(
          path
              + " belongs to "
              + found.member()
              + ", and the database records the members "
              + recorded
              + ": only a group's one member can take its journal along to another address. Where"
              + " others keep the journal, give it an empty directory");
    }
    Member moved = new Member(to.host(), to.port(), found.member().incarnation());
    write(path, FORMER, former.stream().map(Member::toString).toList());
    write(path, IDENTITY, List.of(group, moved.toString()));
  }

  private static List<Member> formerIn(Path path) {
    Path file = path.resolve(FORMER);
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Member::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new JournalDirectoryException(file + " cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new JournalDirectoryException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Makes a directory that is marked for it the next generation's, with all that it holds; on disk
   * when this returns. Nothing is done unless the mark names that group and secret.
   *
   * @param secret of the group, as the database has it; null when it has none
   * @return whether anything was done
   */
  public static boolean finishRescue(Path path, String group, @Nullable String secret) {
    Identity found = identityIn(path).orElse(null);
    RescueMark mark = RescueMark.in(path).orElse(null);
    if (found == null
        || mark == null
        || isUnused(path)
        || found.group().equals(group)
        || !mark.group().equals(group)
        || !mark.secret().equals(secret)) {
      return false;
    }
    write(path, IDENTITY, List.of(group, found.member().toString()));
    return true;
  }

  /** Whether a directory is, or was made, the next generation's by a rescue that is not over. */
  public static boolean isRescued(Path path, String group) {
    return RescueMark.in(path).filter(mark -> mark.group().equals(group)).isPresent();
  }

  /**
   * The last index of the log that a rescue has taken along; empty where there was none, or it is
   * over.
   *
   * @param lastIndex of the log as it is now, which is kept the first time
   */
  OptionalLong rescuedWith(long lastIndex) {
    RescueMark mark = RescueMark.in(path).filter(found -> found.group().equals(group)).orElse(null);
    if (mark == null) {
      return OptionalLong.empty();
    }
    if (mark.end().isEmpty()) {
      mark.endingAt(lastIndex).keepIn(path);
      return OptionalLong.of(lastIndex);
    }
    return mark.end();
  }

  void rescueIsOver() {
    RescueMark.removeFrom(path);
  }

  public Member member() {
    return member;
  }

  /** Whether that is who this member was before it moved. */
  public boolean wasOnce(Member other) {
    return former.contains(other) && !other.equals(member);
  }

  String log() {
    return path.resolve(LOG).toString();
  }

  String votes() {
    return path.resolve(VOTES).toString();
  }

  String snapshot() {
    return path.resolve(SNAPSHOT).toString();
  }

  Path path() {
    return path;
  }

  private static void write(Path path, String name, List<String> lines) {
    try {
      DirectoryFile.write(path, name, lines);
    } catch (IOException e) {
      throw new JournalDirectoryException(path + " cannot be written: " + e, e);
    }
  }
}
