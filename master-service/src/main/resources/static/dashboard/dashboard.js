import { ThroughputChart } from './charts.js';
import { setText } from './dom.js';
import { Events } from './events.js';
import { short, time, whole } from './format.js';
import { History } from './history.js';
import { lookUp } from './lookup.js';
import { Notices } from './notices.js';
import { poll, Refused } from './poll.js';
import { Servers } from './servers.js';
import { leaderOf, shardsOf } from './shards.js';
import { SlotMap } from './slots.js';
import { Totals, totalsOf } from './totals.js';

const CHART_SECONDS = 300;
const SLOTS = 16384;

const byId = id => document.getElementById(id);

const totals = new Totals(byId('totals'));
const notices = new Notices(byId('notices'), byId('notice-list'));
const slotMap = new SlotMap(byId('slots'), byId('marker'));
const servers = new Servers(byId('servers'));
const events = new Events(byId('events'));
const history = new History(CHART_SECONDS, 2);
const throughput = new ThroughputChart(byId('throughput'), history, true);
let lastAnswer = null;

function show(status) {
  lastAnswer = new Date();
  connected();
  const now = Date.parse(status.at) / 1000;
  const shards = shardsOf(status);
  const sums = totalsOf(status);
  state(status, shards);
  notices.update(shards);
  totals.update(sums);
  history.add(now, sums.known ? sums.reads : null, sums.known ? sums.writes : null);
  throughput.draw();
  slotMap.update(status.slots, shards);
  servers.update(status, shards, now);
  events.update(status.events);
}

function state(status, shards) {
  const pill = byId('state');
  pill.dataset.state = status.state;
  setText(pill, status.state);
  const up = status.servers.filter(server => server.state === 'up').length;
  const parts = [`${up} of ${status.servers.length} ${status.servers.length === 1 ? 'server' : 'servers'} up`];
  const leaderless = [...shards.values()].filter(shard => !leaderOf(shard)).length;
  if (leaderless > 0) {
    parts.push(`${leaderless} of ${shards.size} shards without a leader`);
  }
  if (status.waiting !== null) {
    parts.push(status.waiting);
  } else if (status.state === 'forming') {
    const assigned = [...shards.values()].flatMap(shard => shard.ranges).reduce((n, range) => n + range.last - range.first + 1, 0);
    parts.push(`${whole(assigned)} of ${whole(status.slots)} slots assigned`);
  }
  if (status.cluster !== null) {
    parts.push(`cluster ${short(status.cluster)}`);
  }
  parts.push(`version ${status.version}`);
  setText(byId('summary'), parts.join(' · '));
  document.title = status.state === 'serving' ? 'Weir' : `${status.state} – Weir`;
}

function connected() {
  document.body.dataset.connection = 'live';
  setText(byId('connection-text'), 'live');
  byId('banner').hidden = true;
}

function disconnected(failure, delay) {
  document.body.dataset.connection = 'lost';
  setText(byId('connection-text'), `next try in ${delay / 1000} s`);
  const shown = lastAnswer === null ? '' : ` What is shown is from ${time(lastAnswer)}.`;
  setText(byId('banner'), reason(failure) + shown);
  byId('banner').hidden = false;
  document.title = 'no connection – Weir';
}

function reason(failure) {
  if (!(failure instanceof Refused)) {
    return 'No connection to the master.';
  }
  return failure.status === 401 || failure.status === 403
    ? 'The master asks for a token with the role “operate”: reload the page to give it.'
    : `The master cannot tell the status: ${failure.message}`;
}

lookUp(byId('lookup'), byId('found'), slot => slotMap.mark(slot, SLOTS));
poll('/status', show, disconnected);
