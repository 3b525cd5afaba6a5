package io.weir.cache.redis;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.CacheEngine;
import io.weir.model.Durability;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The door for clients of Redis: it has what their connections share, and makes the handler of
 * each.
 *
 * <p>Safe for use by many threads.
 */
public final class RespDoor {

  private final CommandTable commands;
  private final RespLimits limits;
  private final Authenticator authenticator;
  private final RespBudget budget;
  private final RespMeters meters;
  private final EngineErrors errors;
  private final Entries entries;
  private final Dispatcher dispatcher;
  private final Executor executor;

  private final Map<EventExecutor, Returns> returns = new ConcurrentHashMap<>();
  private final Map<Long, RespConnection> open = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  /**
   * What a door is made of.
   *
   * @param commands with {@code get} and {@code set} among them
   * @param durability of a write
   * @param starting whether this server has not served yet
   * @param executor runs what waits, each in a thread of its own
   */
  public record Parts(
      List<CommandSpec> commands,
      Routes routes,
      RespLimits limits,
      Authenticator authenticator,
      RespBudget budget,
      RespMeters meters,
      AsyncEngine engine,
      CacheEngine waiting,
      Durability durability,
      BooleanSupplier starting,
      Executor executor) {}

  public RespDoor(Parts parts) {
    this(parts, Entries.of(parts.engine(), parts.waiting(), parts.durability()));
  }

  /** With other entries than the engine's. */
  RespDoor(Parts parts, Entries entries) {
    this.commands = new CommandTable(parts.commands(), parts.meters());
    this.limits = parts.limits();
    this.authenticator = parts.authenticator();
    this.budget = parts.budget();
    this.meters = parts.meters();
    this.executor = parts.executor();
    this.errors = new EngineErrors(parts.routes(), parts.starting());
    this.entries = entries;
    this.dispatcher = new Dispatcher(parts.routes(), entries, errors, meters);
  }

  /** A handler for one connection. */
  public RespHandler handler() {
    return new RespHandler(this);
  }

  /** The sessions of all connections, for what is shown of them; not of one moment. */
  public Collection<Session> sessions() {
    return open.values().stream().<Session>map(RespConnection::session).toList();
  }

  /** How many connections there have been. */
  public long opened() {
    return ids.get();
  }

  RespConnection open(ChannelHandlerContext context) {
    RespConnection connection = new RespConnection(context, this, ids.incrementAndGet());
    open.put(connection.session().id(), connection);
    return connection;
  }

  void closed(RespConnection connection) {
    open.remove(connection.session().id());
    connection.closed();
  }

  Returns returnsOf(EventExecutor loop) {
    return returns.computeIfAbsent(loop, Returns::new);
  }

  CommandTable commands() {
    return commands;
  }

  RespLimits limits() {
    return limits;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  RespBudget budget() {
    return budget;
  }

  RespMeters meters() {
    return meters;
  }

  EngineErrors errors() {
    return errors;
  }

  Entries entries() {
    return entries;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Executor executor() {
    return executor;
  }
}
