import { ThroughputChart } from './charts.js';
import { element, setText } from './dom.js';
import * as format from './format.js';
import { History } from './history.js';

const SPARKLINE_SECONDS = 120;

const FIGURES = [
  ['hits', 'Hit ratio', f => format.percent(f.hitRatio), f => f.hitRatio],
  ['memory', 'Memory', f => `${format.bytes(f.bytes)} of ${format.bytes(f.maxBytes)}`, f => (f.maxBytes > 0 ? f.bytes / f.maxBytes : 0)],
  ['entries', 'Entries', f => format.count(f.entries)],
  ['dirty', 'Dirty', f => `${format.bytes(f.dirtyBytes)}, ${format.count(f.dirtyEntries)}`],
  ['oldest', 'Oldest dirty', f => format.age(f.oldestDirtyAgeSeconds)],
  ['loss', 'Loss bound', f => lossBound(f), null, f => f.lossBoundEntries > 0 && 'warning'],
  ['flushes', 'Flushes', f => `${format.count(f.flushesPerSecond)} /s`],
  ['written', 'Written', f => (f.recentSeconds > 0 ? `${format.count(f.recentWrites)}, ${format.lately(f.recentSeconds)}` : format.UNKNOWN)],
  ['statements', 'SQL / 1k writes', f => format.count(f.recentStatementsPerThousandWrites)],
  ['commits', 'Commits / 1k writes', f => format.count(f.recentCommitsPerThousandWrites)],
  ['rows', 'Rows / commit', f => format.count(f.recentRowsPerCommit)],
  ['quarantined', 'Quarantined', f => format.whole(f.quarantined), null, f => f.quarantined > 0 && 'alarm'],
  ['shed', 'Writes refused', f => format.count(f.shed), null, f => f.shed > 0 && 'warning'],
];

function lossBound(figures) {
  return figures.lossBoundEntries === 0
    ? 'none'
    : `${format.bytes(figures.lossBoundBytes)}, ${format.age(figures.lossBoundAgeSeconds)}`;
}

/** One card for each cache server; a server keeps its card for as long as it is listed. */
export class Servers {
  constructor(list) {
    this.list = list;
    this.cards = new Map();
  }

  update(status, shards, time) {
    const order = status.servers.map(server => {
      let card = this.cards.get(server.nodeId);
      if (!card) {
        card = new Card();
        this.cards.set(server.nodeId, card);
      }
      return card;
    });
    for (const [nodeId, card] of this.cards) {
      if (!order.includes(card)) {
        card.remove();
        this.cards.delete(nodeId);
      }
    }
    // A card that is where it belongs is not touched: moving it would take the focus from it.
    if (order.some((card, i) => this.list.children[i] !== card.root) || this.list.children.length !== order.length) {
      this.list.replaceChildren(
        ...(order.length > 0
          ? order.map(card => card.root)
          : [element('li', { class: 'card quiet' }, 'No cache server has registered.')]),
      );
    }
    const first = new Set();
    status.servers.forEach((server, i) => {
      const shard = shards.get(server.shard);
      order[i].update(server, shard, time, !first.has(server.shard));
      first.add(server.shard);
    });
  }
}

class Card {
  constructor() {
    this.name = element('h3');
    this.role = element('span', { class: 'role' });
    this.state = element('span', { class: 'pill' });
    this.place = element('p', { class: 'place quiet' });
    this.doors = element('p', { class: 'doors quiet' });
    this.reads = element('b');
    this.writes = element('b');
    this.spark = element('div', { class: 'spark', role: 'img' });
    this.figures = new Map();
    const list = element('dl', { class: 'figures' });
    for (const [id, title, , share] of FIGURES) {
      const value = element('dd', { data: { figure: id } }, format.UNKNOWN);
      const row = element('div', {}, element('dt', {}, title), value);
      let bar = null;
      if (share) {
        bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, element('span'));
        row.append(bar);
      }
      list.append(row);
      this.figures.set(id, { value, bar });
    }
    this.note = element('p', { class: 'note quiet' }, '\u00a0');
    this.root = element(
      'li',
      { class: 'card' },
      element('div', { class: 'head' }, this.name, this.role, this.state),
      this.place,
      this.doors,
      element(
        'p',
        { class: 'rates' },
        element('span', { class: 'key reads' }, this.reads, ' reads/s'),
        element('span', { class: 'key writes' }, this.writes, ' writes/s'),
      ),
      this.spark,
      list,
      this.note,
    );
    this.history = new History(SPARKLINE_SECONDS, 2);
    this.chart = null;
  }

  update(server, shard, time, isFirst) {
    const { figures } = server;
    const up = server.state === 'up';
    this.root.dataset.state = server.state;
    this.root.dataset.colour = shard ? shard.colour : 'none';
    if (isFirst && shard) {
      this.root.id = `shard-${shard.number}`;
    } else {
      this.root.removeAttribute('id');
    }
    setText(this.name, server.nodeId);
    this.name.title = server.url;
    setText(this.role, server.role);
    this.role.dataset.role = server.role;
    setText(this.state, server.state);
    this.state.dataset.state = up ? 'up' : 'down';
    setText(this.place, `shard ${format.short(server.shard)} · slots ${format.ranges(server.ranges)} · term ${server.term}`);
    this.place.title = `${server.url}, shard ${server.shard}`;
    setText(this.doors, doors(server));
    this.doors.title = server.fastUrl ? `HTTP and the Redis protocol at ${server.fastUrl}` : `HTTP at ${server.url}`;
    setText(this.note, note(server, up));

    setText(this.reads, up ? format.count(figures?.getsPerSecond) : format.UNKNOWN);
    setText(this.writes, up ? format.count(figures?.putsPerSecond) : format.UNKNOWN);
    for (const [id, , text, share, alarm] of FIGURES) {
      const { value, bar } = this.figures.get(id);
      setText(value, figures ? text(figures) : format.UNKNOWN);
      value.dataset.alarm = (figures && alarm?.(figures)) || 'none';
      if (bar) {
        bar.firstElementChild.style.width = `${Math.min(100, 100 * ((figures && share(figures)) || 0))}%`;
      }
    }
    this.history.add(time, up && figures ? figures.getsPerSecond : null, up && figures ? figures.putsPerSecond : null);
    this.spark.setAttribute('aria-label', `Throughput of the last 2 minutes; now ${this.reads.textContent} reads and ${this.writes.textContent} writes a second`);
    if (this.chart) {
      this.chart.draw();
    } else {
      this.chart = new ThroughputChart(this.spark, this.history, false);
    }
  }

  remove() {
    this.chart?.remove();
    this.root.remove();
  }
}

/** Where clients reach it: its HTTP port, and its fast port where it has one. */
function doors(server) {
  const fast = server.fastUrl ? `fast port ${authority(server.fastUrl)}` : 'no fast port';
  return `${authority(server.url)} · ${fast}`;
}

function authority(url) {
  return url.replace(/^https?:\/\//, '');
}

function note(server, up) {
  if (server.lastSeenSeconds == null) {
    return 'not heard of yet';
  }
  if (!up) {
    return `last heard of ${format.age(server.lastSeenSeconds)} ago${server.figures ? ', with these figures' : ''}`;
  }
  return server.figures ? '\u00a0' : 'its heartbeats carry no figures';
}
