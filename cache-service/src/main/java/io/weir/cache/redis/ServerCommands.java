package io.weir.cache.redis;

import io.weir.cache.engine.EngineStatistics;
import io.weir.cache.redis.CommandSpec.Access;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The commands of the connection, the cluster and the server. All of them reply on the event loop
 * with what is at hand, but for those that list the keys of a slot.
 */
public final class ServerCommands {

  private final Parts parts;

  /** What they tell of. */
  public record Parts(
      Supplier<ClusterMap> cluster,
      Supplier<EngineStatistics> statistics,
      Connections connections,
      ServerFacts facts,
      JournalOffset offset,
      SlotKeys keys,
      Clock clock) {}

  public ServerCommands(Parts parts) {
    this.parts = parts;
  }

  /**
   * Returns all commands: the given ones, and these.
   *
   * @param others which {@code COMMAND} is to tell of as well
   */
  public List<CommandSpec> with(List<CommandSpec> others) {
    CommandCommand command = new CommandCommand();
    List<CommandSpec> all = new ArrayList<>(others);
    all.addAll(new ConnectionCommands(parts.cluster(), parts.facts(), parts.clock()).specs());
    all.addAll(new ClusterCommands(parts.cluster(), parts.offset(), parts.keys()).specs());
    all.add(connected("client", -2, new ClientCommand(parts.connections()).subcommands()));
    all.add(
        connected(
            "config",
            -2,
            new ConfigCommand(parts.cluster(), parts.statistics(), parts.facts()).subcommands()));
    all.add(
        connected(
            "info",
            -1,
            new InfoCommand(
                parts.cluster(),
                parts.statistics(),
                parts.connections(),
                parts.facts(),
                parts.offset(),
                parts.clock())));
    all.add(connected("command", -1, command));
    all.add(connected("function", -2, RefusedCommands.function()));
    all.addAll(RefusedCommands.specs());
    command.know(all);
    return List.copyOf(all);
  }

  private static CommandSpec connected(String name, int arity, Command command) {
    return new CommandSpec(name, arity, 0, 0, 0, Access.CONNECTED, command);
  }
}
