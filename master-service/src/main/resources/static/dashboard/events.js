import { element } from './dom.js';
import { shortIds, time } from './format.js';

/** How loud an event is. A type that is not here is told like any other. */
const TONES = {
  lost: 'alarm',
  degraded: 'alarm',
  'failed-over': 'warning',
  serving: 'good',
  returned: 'good',
  joined: 'good',
};

/** What has happened, newest first. */
export class Events {
  constructor(list) {
    this.list = list;
    this.drawn = '';
  }

  update(events) {
    const drawn = JSON.stringify(events);
    if (drawn === this.drawn) {
      return;
    }
    this.drawn = drawn;
    this.list.replaceChildren(
      ...(events.length > 0
        ? events.map(draw)
        : [element('li', { class: 'quiet' }, 'Nothing has happened yet.')]),
    );
  }
}

function draw(event) {
  const at = new Date(event.at);
  const clock = element('time', { datetime: event.at }, time(at));
  clock.title = at.toLocaleString('en-GB');
  const text = element('span', { class: 'text' }, shortIds(event.text));
  text.title = event.text;
  return element(
    'li',
    {},
    clock,
    element('span', { class: 'type', data: { tone: TONES[event.type] ?? 'plain' } }, event.type),
    text,
  );
}
