package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;

/**
 * What JRaft finds by its service loader in place of its own transport, Bolt, which is not on the
 * class path: clients that speak to a {@link RaftPort}.
 */
@SPI(name = "weir", priority = 100)
public final class MemberRpcFactory implements RaftRpcFactory {

  @Override
  public void registerProtobufSerializer(String className, Object... args) {
    // Which messages there are is fixed by MessageType.
  }

  @Override
  public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
    return new MemberRpcClient();
  }

  @Override
  public RpcServer createRpcServer(Endpoint endpoint, ConfigHelper<RpcServer> helper) {
    throw new UnsupportedOperationException("a member listens at its RaftPort");
  }
}
