package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.option.NodeOptions;

/** The options of a node, which lead JRaft's one RPC factory to the member that a client is for. */
final class MemberOptions extends NodeOptions {

  private final RaftClient client;

  MemberOptions(RaftClient client) {
    this.client = client;
  }

  RaftClient client() {
    return client;
  }
}
