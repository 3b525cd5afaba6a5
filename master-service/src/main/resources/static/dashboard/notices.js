import { element } from './dom.js';
import { short, whole } from './format.js';
import { leaderOf } from './shards.js';

/** What an operator has to decide or to mend in a shard's database; nothing where all is well. */
export class Notices {
  constructor(section, list) {
    this.section = section;
    this.list = list;
    this.shown = '';
  }

  update(shards) {
    const notices = [...shards.values()].flatMap(shard => [...wentBack(shard), ...differing(shard)]);
    // What is there already is not touched: a selection and a screen reader's place stay.
    const shown = JSON.stringify(notices);
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.replaceChildren(...notices.map(item));
      this.section.hidden = notices.length === 0;
    }
  }
}

function item({ text, command, after }) {
  const children = command ? [`${text} `, element('code', {}, command), ` ${after}`] : [text];
  return element('li', {}, ...children);
}

function isUp(server) {
  return server.state === 'up';
}

/** The number is the leader's; while there is none, another member's. */
function wentBack(shard) {
  const teller = leaderOf(shard) ?? shard.servers.find(isUp);
  const missing = teller?.figures?.missingFlushes ?? 0;
  if (missing === 0) {
    return [];
  }
  return [
    {
      text: `The database of shard ${short(shard.id)} has lost ${whole(missing)} ${missing === 1 ? 'flush' : 'flushes'} that it had acknowledged. What is in memory is served and written to it again; other keys get 503.`,
      command: `weir accept-database ${short(shard.id)} --missing ${missing}`,
      after: 'accepts it as it is, if it is the right one.',
    },
  ];
}

/** Who does not tell its database server differs from nobody. */
function differing(shard) {
  const leader = leaderOf(shard);
  if (!leader?.databaseServer) {
    return [];
  }
  return shard.servers
    .filter(server => isUp(server) && server.databaseServer && server.databaseServer !== leader.databaseServer)
    .map(server => ({
      text: `${server.nodeId} sees database server ${server.databaseServer}, and ${leader.nodeId}, the leader of shard ${short(shard.id)}, sees ${leader.databaseServer}. ${server.nodeId} loads nothing after half a minute, until both see the same: compare their weir.database.url.`,
    }));
}
