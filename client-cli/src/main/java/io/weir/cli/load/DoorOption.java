package io.weir.cli.load;

import io.weir.load.run.LoadDoor;
import picocli.CommandLine.Option;

/** The option that says by which door the cache servers are asked for keys. */
public final class DoorOption {

  @Option(
      names = "--door",
      paramLabel = "http|fast|redis",
      defaultValue = "fast",
      description = {
        "How the cache servers are asked for keys: by HTTP at their HTTP ports, by HTTP at their"
            + " fast ports (at the HTTP ports where a server has none, or it does not answer), or"
            + " by the Redis protocol at their fast ports.",
        "Default: ${DEFAULT-VALUE}"
      })
  private LoadDoor door = LoadDoor.FAST;

  /** The one that was asked for. */
  public LoadDoor door() {
    return door;
  }
}
