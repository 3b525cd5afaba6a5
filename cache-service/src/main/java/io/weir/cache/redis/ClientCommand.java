package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** {@code CLIENT}: what a connection's client says of itself, and who else is there. */
final class ClientCommand {

  /** To be completed by what must not. */
  static final String NOT_PLAIN = "%s cannot contain spaces, newlines or special characters.";

  private static final int FIRST_ID = 3;

  private final Connections connections;

  ClientCommand(Connections connections) {
    this.connections = connections;
  }

  Subcommands subcommands() {
    return new Subcommands("client")
        .answering(
            2,
            "ID",
            "Return the ID of the current connection.",
            (r, session) -> new Reply.Number(session.id()))
        .answering(
            2,
            "INFO",
            "Return information about the current client connection.",
            (r, session) -> new Reply.Verbatim(line(session)))
        .answering(
            -2,
            "LIST [TYPE normal|replica|master|pubsub] [ID <id> [<id> ...]]",
            "Return information about client connections; it takes the role operate.",
            this::list)
        .answering(
            2,
            "GETNAME",
            "Return the name of the current connection.",
            (r, session) -> session.name().isEmpty() ? Reply.NIL : Answer.bulk(session.name()))
        .answering(
            3,
            "SETNAME <name>",
            "Assign the name <name> to the current connection.",
            ClientCommand::name)
        .answering(
            4,
            "SETINFO <option> <value>",
            "Set client meta attr. Options are LIB-NAME and LIB-VER.",
            ClientCommand::info)
        .answering(
            3,
            "NO-EVICT (ON|OFF)",
            "Accepted without effect: no client is evicted.",
            ClientCommand::onOrOff)
        .answering(
            3,
            "NO-TOUCH (ON|OFF)",
            "Accepted without effect: what is read has been used.",
            ClientCommand::onOrOff)
        .answering(
            3,
            "REPLY ON",
            "Every command is answered, so ON changes nothing.",
            ClientCommand::reply)
        .withHelp();
  }

  /** Whether a name has no character that would break a line of {@code CLIENT LIST}. */
  static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= '!' && c <= '~');
  }

  private static Reply name(Request request, Session session) {
    String name = request.text(2);
    if (!isPlain(name)) {
      return Answer.error(NOT_PLAIN.formatted("Client names"));
    }
    session.name(name);
    return Reply.OK;
  }

  private static Reply info(Request request, Session session) {
    String attribute = request.text(2).toLowerCase(Locale.ROOT);
    String value = request.text(3);
    boolean known = attribute.equals("lib-name") || attribute.equals("lib-ver");
    if (!known) {
      return Answer.error("Unrecognized option '" + request.text(2) + "'");
    }
    if (!isPlain(value)) {
      return Answer.error(NOT_PLAIN.formatted(attribute));
    }
    if (attribute.equals("lib-name")) {
      session.library(value);
    } else {
      session.libraryVersion(value);
    }
    return Reply.OK;
  }

  private static Reply onOrOff(Request request, Session session) {
    String word = request.text(2).toLowerCase(Locale.ROOT);
    return word.equals("on") || word.equals("off") ? Reply.OK : Answer.error("syntax error");
  }

  private static Reply reply(Request request, Session session) {
    return switch (request.text(2).toLowerCase(Locale.ROOT)) {
      case "on" -> Reply.OK;
      case "off", "skip" ->
          Answer.error("CLIENT REPLY has only ON here: every command is answered");
      default -> Answer.error("syntax error");
    };
  }

  private Reply list(Request request, Session session) {
    if (!session.may(Access.OPERATE)) {
      return new Reply.Failure(
          "NOPERM User "
              + session.user()
              + " has no permissions to run the 'client|list' command: its token does not have the"
              + " role operate");
    }
    List<Long> ids = new ArrayList<>();
    boolean normal = true;
    if (request.size() > 2) {
      String option = request.text(2).toLowerCase(Locale.ROOT);
      if (option.equals("type") && request.size() == 4) {
        String type = request.text(3).toLowerCase(Locale.ROOT);
        if (!List.of("normal", "replica", "slave", "master", "pubsub").contains(type)) {
          return Answer.error("Unknown client type '" + request.text(3) + "'");
        }
        normal = type.equals("normal");
      } else if (option.equals("id") && request.size() > FIRST_ID) {
        for (int at = FIRST_ID; at < request.size(); at++) {
          OptionalLong id = Numbers.tryParse(request.bytes(at));
          if (id.isEmpty()) {
            return Answer.error("Invalid client ID");
          }
          ids.add(id.getAsLong());
        }
      } else {
        return Answer.error("syntax error");
      }
    }
    if (!normal) {
      return new Reply.Verbatim("");
    }
    return new Reply.Verbatim(
        connections.open().stream()
            .filter(one -> ids.isEmpty() || ids.contains(one.id()))
            .sorted(Comparator.comparingLong(Session::id))
            .map(ClientCommand::line)
            .collect(Collectors.joining()));
  }

  private static String line(Session session) {
    return "id="
        + session.id()
        + " addr="
        + session.remoteAddress()
        + " laddr="
        + session.localAddress()
        + " name="
        + session.name()
        + " flags="
        + (session.readsReplicas() ? "r" : "N")
        + " db=0 sub=0 psub=0 ssub=0 multi=-1 user="
        + session.user()
        + " lib-name="
        + session.library()
        + " lib-ver="
        + session.libraryVersion()
        + " resp="
        + session.protocol()
        + "\n";
  }
}
