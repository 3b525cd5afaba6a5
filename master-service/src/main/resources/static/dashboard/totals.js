import { element, setText } from './dom.js';
import * as format from './format.js';

const TILES = [
  { id: 'reads', title: 'Reads', unit: 'a second' },
  { id: 'writes', title: 'Writes', unit: 'a second' },
  { id: 'hits', title: 'Hit ratio', unit: '' },
  { id: 'dirty', title: 'Dirty', unit: '' },
  { id: 'loss', title: 'Loss bound', unit: '' },
  { id: 'spared', title: 'SQL / 1k writes', unit: '' },
  { id: 'quarantined', title: 'Quarantined', unit: '' },
  { id: 'shed', title: 'Writes refused', unit: '' },
];

const sum = (servers, figure) => servers.reduce((total, server) => total + server.figures[figure], 0);
const most = (servers, figure) => servers.reduce((least, server) => Math.max(least, server.figures[figure]), 0);

/**
 * Adds the servers' figures up. Reads are of every server that is up; what concerns writes is of the
 * leaders, since the replicas of a shard hold the same dirty entries once more.
 */
export function totalsOf(status) {
  const up = status.servers.filter(server => server.state === 'up' && server.figures);
  const leaders = up.filter(server => server.role === 'leader');
  const reads = sum(up, 'getsPerSecond');
  return {
    known: up.length > 0,
    reads,
    writes: sum(leaders, 'putsPerSecond'),
    hitRatio:
      reads > 0
        ? up.reduce((hits, { figures }) => hits + figures.getsPerSecond * (figures.hitRatio ?? 0), 0) / reads
        : null,
    dirtyEntries: sum(leaders, 'dirtyEntries'),
    dirtyBytes: sum(leaders, 'dirtyBytes'),
    oldestDirty: most(leaders, 'oldestDirtyAgeSeconds'),
    lossEntries: sum(leaders, 'lossBoundEntries'),
    lossBytes: sum(leaders, 'lossBoundBytes'),
    lossAge: most(leaders, 'lossBoundAgeSeconds'),
    spared: sparedOf(status),
    quarantined: sum(leaders, 'quarantined'),
    shed: sum(leaders, 'shed'),
  };
}

/** What the databases were spared in the last minutes, as the master has added it up; nothing of a master before it told. */
function sparedOf(status) {
  return {
    seconds: status.recentSeconds ?? 0,
    writes: status.recentWrites,
    statements: status.recentStatementsPerThousandWrites,
    commits: status.recentCommitsPerThousandWrites,
    rows: status.recentRowsPerCommit,
  };
}

function sparedNote({ seconds, commits, rows }) {
  if (!(seconds > 0)) {
    return 'not told';
  }
  return commits == null
    ? `nothing written, ${format.lately(seconds)}`
    : `${format.count(commits)} commits of ${format.count(rows)} rows, ${format.lately(seconds)}`;
}

/** The row of tiles at the top. */
export class Totals {
  constructor(list) {
    this.tiles = Object.fromEntries(
      TILES.map(({ id, title, unit }) => {
        const value = element('dd', { class: 'value' }, format.UNKNOWN);
        const note = element('dd', { class: 'note' }, unit || '\u00a0');
        const tile = element('div', { class: 'tile', data: { tile: id } }, element('dt', {}, title), value, note);
        list.append(tile);
        return [id, { tile, value, note }];
      }),
    );
  }

  update(totals) {
    if (!totals.known) {
      Object.values(this.tiles).forEach(({ tile, value, note }) => {
        tile.dataset.alarm = 'none';
        setText(value, format.UNKNOWN);
        setText(note, '\u00a0');
      });
      return;
    }
    this.show('reads', format.count(totals.reads), 'a second');
    this.show('writes', format.count(totals.writes), 'a second');
    this.show('hits', format.percent(totals.hitRatio), totals.hitRatio === null ? 'nothing is read' : 'of the reads');
    this.show(
      'dirty',
      format.bytes(totals.dirtyBytes),
      `${format.count(totals.dirtyEntries)} entries, oldest ${format.age(totals.oldestDirty)}`,
    );
    this.show(
      'loss',
      format.bytes(totals.lossBytes),
      totals.lossEntries === 0
        ? 'a crash loses nothing'
        : `${format.count(totals.lossEntries)} entries, up to ${format.age(totals.lossAge)}`,
      totals.lossEntries > 0 ? 'warning' : 'none',
    );
    this.show('spared', format.count(totals.spared.statements), sparedNote(totals.spared));
    this.show(
      'quarantined',
      format.whole(totals.quarantined),
      totals.quarantined === 1 ? 'row is refused' : 'rows are refused',
      totals.quarantined > 0 ? 'alarm' : 'none',
    );
    this.show(
      'shed',
      format.count(totals.shed),
      'for too much dirty',
      totals.shed > 0 ? 'warning' : 'none',
    );
  }

  show(id, text, explained, alarm = 'none') {
    const { tile, value, note } = this.tiles[id];
    tile.dataset.alarm = alarm;
    setText(value, text);
    setText(note, explained);
  }
}
