package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's view of a {@link RaftClient}: made without arguments, and told whose it is by the node's
 * options.
 */
final class MemberRpcClient implements RpcClient {

  private @Nullable ReplicatorGroup replicators;
  private volatile @Nullable RaftClient client;

  @Override
  public void registerConnectEventListener(ReplicatorGroup group) {
    replicators = group;
  }

  @Override
  public boolean init(RpcOptions options) {
    RaftClient own = ((MemberOptions) options).client();
    if (replicators != null) {
      own.tell(replicators);
    }
    client = own;
    return true;
  }

  @Override
  public void shutdown() {
    RaftClient own = client;
    if (own != null) {
      own.close();
    }
  }

  @Override
  public boolean checkConnection(Endpoint endpoint) {
    return client().isConnected(endpoint);
  }

  @Override
  public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
    return createIfAbsent ? client().connect(endpoint) : client().isConnected(endpoint);
  }

  @Override
  public void closeConnection(Endpoint endpoint) {
    client().disconnect(endpoint);
  }

  @Override
  public Object invokeSync(
      Endpoint endpoint, Object request, InvokeContext context, long timeoutMillis)
      throws InterruptedException, RemotingException {
    return client().callAndWait(endpoint, (Message) request, timeoutMillis);
  }

  @Override
  public void invokeAsync(
      Endpoint endpoint,
      Object request,
      InvokeContext context,
      InvokeCallback callback,
      long timeoutMillis)
      throws RemotingException {
    client().call(endpoint, (Message) request, callback, timeoutMillis);
  }

  private RaftClient client() {
    RaftClient own = client;
    if (own == null) {
      throw new IllegalStateException("the client is not initialised");
    }
    return own;
  }
}
