package io.weir.cli.load;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirClient;
import io.weir.client.operator.ClusterFlush;
import io.weir.load.redis.RedisClient;
import io.weir.load.run.LoadDoor;
import io.weir.load.verify.CacheAudit;
import io.weir.load.verify.DatabaseAudit;
import io.weir.load.verify.Findings;
import io.weir.load.verify.KeyReader;
import io.weir.load.verify.WriteLog;
import io.weir.load.verify.WriteLogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir verify}: looks for every write that a load saw acknowledged. */
@Command(
    name = "verify",
    description = {
      "Looks for every acknowledged write of a load, through the caches and in the databases.",
      "",
      "Each key must hold its last acknowledged write, or one behind it that was sent and not"
          + " answered. Nobody may have written the keys since. With --database the caches are"
          + " flushed first, and then the rows are read past them."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir load --write-log run.log && weir verify run.log",
      "  weir verify 1.log 2.log",
      "  weir verify run.log --database 'jdbc:mysql://db1/weir?user=weir&password=secret' \\",
      "      'jdbc:mysql://db2/weir?user=weir&password=secret'"
    })
final class VerifyCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "What weir load --write-log wrote; one of each process.")
  private List<Path> files = List.of();

  @Option(
      names = "--database",
      arity = "1..*",
      paramLabel = "URL",
      description = "JDBC URLs of the databases, one for each shard, the account in the URL.")
  private List<String> databases = List.of();

  @Mixin private final DoorOption door = new DoorOption();

  VerifyCommand(Weir weir) {
    this.weir = weir;
  }

  /** What one place holds of one log's writes. */
  private record Found(Path file, Findings findings) {}

  @Override
  public Integer call() throws InterruptedException {
    Map<Path, WriteLog> logs = read();
    List<Found> all = new ArrayList<>();
    AuditLine line = new AuditLine(weir.terminal());
    try (WeirClient client = weir.clientBuilder().door(door.door().forHttp()).build();
        RedisClient redis = new RedisClient(client, weir.timeout(), weir.timeout())) {
      KeyReader reader = door.door() == LoadDoor.REDIS ? redis::get : KeyReader.of(client);
      for (Map.Entry<Path, WriteLog> each : logs.entrySet()) {
        all.add(new Found(each.getKey(), new CacheAudit(each.getValue(), reader, line).run()));
      }
      if (!databases.isEmpty()) {
        check(client);
        flush(client);
        for (Map.Entry<Path, WriteLog> each : logs.entrySet()) {
          DatabaseAudit audit = new DatabaseAudit(each.getValue(), databases, line);
          all.add(new Found(each.getKey(), audit.run()));
        }
      }
    } catch (SQLException e) {
      throw new CommandException(
          ExitCodes.NOT_REACHABLE, "a database cannot be read: " + e.getMessage());
    }
    long acknowledged = logs.values().stream().mapToLong(WriteLog::acknowledged).sum();
    long wrong = all.stream().mapToLong(each -> each.findings().wrong().cardinality()).sum();
    report(acknowledged, wrong, all);
    return wrong == 0 ? ExitCodes.OK : ExitCodes.WRITES_MISSING;
  }

  private Map<Path, WriteLog> read() {
    Map<Path, WriteLog> logs = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        logs.put(file, WriteLogFile.read(file));
      } catch (IOException e) {
        throw new CommandException(
            ExitCodes.USAGE, "the log of writes cannot be read: " + e.getMessage());
      }
    }
    return logs;
  }

  /** A shard without its database would look like writes that are lost. */
  private void check(WeirClient client) {
    int shards = client.topology().shards().size();
    if (databases.size() != shards) {
      throw new CommandException(
          ExitCodes.USAGE,
          "--database takes the database of every shard: there are "
              + shards
              + " shards, got "
              + databases.size()
              + " URLs");
    }
  }

  private void flush(WeirClient client) throws InterruptedException {
    if (!new ClusterFlush(client, weir.terminal().err()::println).run()) {
      throw new CommandException(
          ExitCodes.NOT_REACHABLE,
          "the caches could not write back everything, so the databases need not hold every write");
    }
  }

  private void report(long acknowledged, long wrong, List<Found> all) {
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("acknowledgedWrites", acknowledged);
      document.put("wrongKeys", wrong);
      document.put(
          "findings",
          all.stream().map(each -> each.findings().document(each.file().toString())).toList());
      JsonOutput.print(weir.terminal().out(), document);
      return;
    }
    weir.terminal()
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%,d acknowledged writes, %,d keys do not hold what they must",
                acknowledged,
                wrong));
    for (Found each : all) {
      String file = files.size() > 1 ? each.file() + ": " : "";
      weir.terminal().out().println("  " + file + each.findings().describe());
    }
  }
}
