/** Colours that the style sheet has; more shards than that begin anew. */
const COLOURS = 8;

/**
 * The shards that own slots, in order of their ranges, each with its servers: `/status` lists servers
 * in that order.
 */
export function shardsOf(status) {
  const shards = new Map();
  for (const server of status.servers) {
    if (server.ranges.length === 0) {
      continue;
    }
    let shard = shards.get(server.shard);
    if (!shard) {
      const number = shards.size;
      shard = { id: server.shard, number, colour: number % COLOURS, ranges: server.ranges, servers: [] };
      shards.set(server.shard, shard);
    }
    shard.servers.push(server);
  }
  return shards;
}

/** The server that serves a shard, if any. */
export function leaderOf(shard) {
  return shard.servers.find(server => server.role === 'leader' && server.state === 'up');
}
