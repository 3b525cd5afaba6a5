package io.weir.cache.server;

import io.weir.cache.membership.ClusterView;
import io.weir.cache.membership.FastAddress;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.redis.ClusterRoutes;
import io.weir.cache.redis.JournalOffset;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what Redis clients are told of the cluster. */
@Configuration(proxyBeanMethods = false)
class RedisTopologyConfiguration {

  @Bean
  OwnFastUrls ownFastUrls(
      ServerSettings server, Addresses addresses, ObjectProvider<FastAddress> port) {
    return new OwnFastUrls(server.advertise(), addresses.url(), port);
  }

  @Bean
  ClusterView clusterView(TopologyView topology, Addresses addresses, OwnFastUrls fastUrls) {
    return new ClusterView(
        topology, addresses.node(), addresses.url(), () -> fastUrls.get().inside());
  }

  @Bean
  ClusterRoutes clusterRoutes(ClusterView cluster) {
    return new ClusterRoutes(cluster);
  }

  @Bean
  JournalOffset journalOffset(ObjectProvider<ShardServer> server) {
    return () -> {
      ShardGroup group = server.getObject().group();
      return group == null ? 0 : group.journal().appliedIndex();
    };
  }
}
