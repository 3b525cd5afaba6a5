package io.weir.cache.redis;

import io.weir.cache.engine.Edit;
import io.weir.cache.engine.EngineException;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The commands on all keys that this server's shard has. */
final class KeySpaceCommands {

  private static final int DEFAULT_COUNT = 10;

  /** How often a page is deleted that there is no room for: the engine waits each time. */
  private static final int MOST_TRIES = 100;

  private final KeyAccess access;
  private final KeyPages pages;
  private final KeySettings settings;

  KeySpaceCommands(KeyAccess access, KeyPages pages, KeySettings settings) {
    this.access = access;
    this.pages = pages;
    this.settings = settings;
  }

  void addTo(Commands commands) {
    commands.keyless("keys", 2, Access.READ, this::keys);
    commands.keyless("scan", -2, Access.READ, this::scan);
    commands.keyless("randomkey", 1, Access.READ, this::randomkey);
    commands.keyless("dbsize", 1, Access.READ, this::dbsize);
    commands.keyless("flushall", -1, Access.OPERATE, this::flush);
    commands.keyless("flushdb", -1, Access.OPERATE, this::flush);
  }

  private void keys(Request request, Session session, Pending pending) {
    Glob pattern = Glob.of(request.bytes(1));
    access.offLoop(
        pending,
        () -> {
          Found found = new Found(pattern, settings.mostKeys());
          pages.forEach(found::add);
          return new Reply.Array(found.replies);
        });
  }

  /** The keys among all that match, up to a bound of those that were looked at. */
  private static final class Found {

    private final Glob pattern;
    private final int most;
    private final List<Reply> replies = new ArrayList<>();
    private int looked;

    Found(Glob pattern, int most) {
      this.pattern = pattern;
      this.most = most;
    }

    void add(List<Key> page) {
      looked += page.size();
      if (looked > most) {
        throw new CommandRefusedException(
            "ERR KEYS looks at no more than "
                + most
                + " keys (weir.fast.max-keys), and there are more: use SCAN");
      }
      for (Key key : page) {
        if (pattern.matches(key.bytes())) {
          replies.add(Replies.bytes(key.bytes()));
        }
      }
    }
  }

  private void scan(Request request, Session session, Pending pending) {
    long cursor = ScanCursors.parse(request.text(1));
    int count = DEFAULT_COUNT;
    Glob pattern = null;
    boolean strings = true;
    for (int i = 2; i < request.size(); i += 2) {
      if (i + 1 == request.size()) {
        throw CommandRefusedException.syntax();
      }
      switch (request.text(i).toLowerCase(Locale.ROOT)) {
        case "count" -> {
          long asked = Numbers.parse(request.bytes(i + 1));
          if (asked < 1) {
            throw CommandRefusedException.syntax();
          }
          count = (int) Math.min(asked, Integer.MAX_VALUE);
        }
        case "match" -> pattern = Glob.of(request.bytes(i + 1));
        case "type" -> strings = request.text(i + 1).equalsIgnoreCase("string");
        default -> throw CommandRefusedException.syntax();
      }
    }
    if (!strings) { // There are no others, so the scan is over.
      pending.reply(page(ScanCursors.START, List.of()));
      return;
    }
    int about = count;
    Glob wanted = pattern;
    access.offLoop(
        pending,
        () -> {
          KeyPages.Page page = pages.next(cursor, about);
          return page(
              page.cursor(),
              page.keys().stream()
                  .map(Key::bytes)
                  .filter(key -> wanted == null || wanted.matches(key))
                  .map(Replies::bytes)
                  .toList());
        });
  }

  private static Reply page(long cursor, List<Reply> keys) {
    return new Reply.Array(List.of(Replies.text(Long.toString(cursor)), new Reply.Array(keys)));
  }

  private void randomkey(Request request, Session session, Pending pending) {
    access.offLoop(
        pending,
        () -> {
          Key key = pages.any();
          return key == null ? Reply.NIL : Replies.bytes(key.bytes());
        });
  }

  private void dbsize(Request request, Session session, Pending pending) {
    access.offLoop(pending, () -> Replies.number(pages.estimate()));
  }

  private void flush(Request request, Session session, Pending pending) {
    if (request.size() > 2 || (request.size() == 2 && !saysWhen(request.text(1)))) {
      throw CommandRefusedException.syntax();
    }
    if (!settings.flushAllowed()) {
      throw new CommandRefusedException(
          "ERR it would delete all keys, in the database as well; set weir.fast.allow-flush to true"
              + " to allow that");
    }
    access.offLoop(
        pending,
        () -> {
          Deleting deleting = new Deleting();
          try {
            pages.forEach(deleting::page);
          } catch (RuntimeException e) {
            throw deleting.toTell(e);
          }
          return Reply.OK;
        });
  }

  /** It replies once all is done, either way. */
  private static boolean saysWhen(String option) {
    return option.equalsIgnoreCase("sync") || option.equalsIgnoreCase("async");
  }

  /** All keys, deleted a page at a time. */
  private final class Deleting {

    private long deleted;

    /** What ended it before the end; a client is not told to come again as if nothing was done. */
    RuntimeException toTell(RuntimeException why) {
      if (deleted == 0) {
        return why;
      }
      String cause =
          why instanceof EngineException || why instanceof CommandRefusedException
              ? why.getMessage()
              : "the database does not serve";
      return new CommandRefusedException(
          "ERR " + deleted + " keys are deleted, others may be left: " + cause);
    }

    void page(List<Key> page) {
      if (page.isEmpty()) {
        return;
      }
      List<Edit> edits = page.stream().map(key -> new Edit(key, null)).toList();
      for (int tries = 1; ; tries++) {
        try {
          access.writeAndWait(edits);
          deleted += edits.size();
          return;
        } catch (EngineException.TooMuchDirty | EngineException.Overloaded e) {
          if (tries == MOST_TRIES) {
            throw e;
          }
        }
      }
    }
  }
}
