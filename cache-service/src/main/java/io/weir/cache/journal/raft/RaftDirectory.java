package io.weir.cache.journal.raft;

import io.weir.cache.journal.Member;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The directory of one member: who it is, its log, its votes and its snapshots.
 *
 * <p>The identity is drawn when the directory is empty and stays with its contents: whoever loses
 * them comes back as another member.
 */
public final class RaftDirectory {

  private static final String IDENTITY = "identity";
  private static final String LOG = "log";
  private static final String VOTES = "votes";
  private static final String SNAPSHOT = "snapshot";

  private final Path path;
  private final Member member;

  private RaftDirectory(Path path, Member member) {
    this.path = path;
    this.member = member;
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
        create(path, group, member);
      } catch (IOException e) {
        throw new JournalDirectoryException(path + " cannot be written: " + e, e);
      }
      return new RaftDirectory(path, member);
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
              + ": give it its old address, or an empty directory");
    }
    return new RaftDirectory(path, found.member());
  }

  public Member member() {
    return member;
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

  private static void create(Path path, String group, Member member) throws IOException {
    Files.createDirectories(path);
    Path draft = path.resolve(IDENTITY + ".draft");
    byte[] text = (group + "\n" + member + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(text);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(draft, path.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
