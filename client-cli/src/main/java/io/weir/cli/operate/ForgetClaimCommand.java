package io.weir.cli.operate;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.ShardId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir forget-claim}: has the masters forget what a shard's servers have said. */
@Command(
    name = "forget-claim",
    description = {
      "Has the masters forget who leads a shard, which servers it has, and what they have to prove."
          + " Its slots stay, and nothing of its data is touched. The shard's own servers say all of"
          + " it again with their next heartbeat.",
      "",
      "For a shard whose servers the masters refuse: after somebody who is none of them has claimed"
          + " to lead it, a restore of its database, or a step back to an earlier release. If a token"
          + " was stolen, replace it first: who registers next says what the shard's servers have to"
          + " prove."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir forget-claim 3f2b8c1e", "  weir forget-claim 3f2b8c1e --yes"})
public final class ForgetClaimCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(
      paramLabel = "SHARD",
      description = "The shard, as 'weir status' names it, or more of its id.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private String shard;

  @Mixin private final Confirmation confirmation = new Confirmation();

  public ForgetClaimCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws IOException {
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      ShardId id = Node.shard(shard, api.topology()).id();
      confirmation.ask(
          weir.terminal(),
          "this would have shard " + id + " go without a leader until its servers' next heartbeats",
          "Shard " + id + " goes without a leader until its servers' next heartbeats. Forget?",
          "nothing was forgotten");
      api.forgetClaim(id);
      if (weir.isJson()) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("shard", id.toString());
        document.put("forgotten", true);
        JsonOutput.print(weir.terminal().out(), document);
      } else {
        weir.terminal().out().println("shard " + id + ": its servers are to register anew");
      }
      return ExitCodes.OK;
    }
  }
}
