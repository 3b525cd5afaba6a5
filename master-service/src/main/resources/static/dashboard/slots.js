import { element, setText } from './dom.js';
import { percent, ranges, short, whole } from './format.js';
import { leaderOf } from './shards.js';

/** The bar of all slots, each range in its shard's colour, and the place of a key on it. */
export class SlotMap {
  constructor(list, marker) {
    this.list = list;
    this.marker = marker;
    this.drawn = '';
  }

  update(slots, shards) {
    const segments = this.segments(slots, shards);
    const drawn = JSON.stringify(segments);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.list.replaceChildren(...segments.map(segment => this.draw(segment, slots)));
    }
  }

  segments(slots, shards) {
    const owned = [];
    for (const shard of shards.values()) {
      const leader = leaderOf(shard);
      for (const range of shard.ranges) {
        owned.push({
          first: range.first,
          last: range.last,
          shard: shard.id,
          number: shard.number,
          colour: shard.colour,
          leader: leader ? leader.nodeId : null,
        });
      }
    }
    owned.sort((a, b) => a.first - b.first);
    const all = [];
    let next = 0;
    for (const segment of [...owned, { first: slots, last: slots }]) {
      if (segment.first > next) {
        all.push({ first: next, last: segment.first - 1, shard: null });
      }
      if (segment.shard) {
        all.push(segment);
      }
      next = segment.last + 1;
    }
    return all;
  }

  draw(segment, slots) {
    const size = segment.last - segment.first + 1;
    const where = ranges([segment]);
    const share = percent(size / slots);
    let item;
    if (segment.shard === null) {
      item = element('li', { class: 'segment unassigned' }, element('span', {}, 'no owner'), element('small', {}, where));
      item.title = `Slots ${where} (${share}) are not assigned`;
    } else {
      const owner = segment.leader ?? 'no leader';
      item = element(
        'li',
        { class: 'segment', data: { colour: segment.colour, serving: segment.leader !== null } },
        element(
          'a',
          {
            href: `#shard-${segment.number}`,
            'aria-label': `Slots ${where}, ${share}: shard ${short(segment.shard)}, ${segment.leader ? 'served by ' + owner : 'no leader'}`,
          },
          element('span', {}, owner),
          element('small', {}, where),
        ),
      );
      item.title = `Slots ${where} (${share}): shard ${segment.shard}, ${segment.leader ? 'led by ' + owner : 'without a leader'}`;
    }
    item.style.flexGrow = size;
    return item;
  }

  mark(slot, slots) {
    this.marker.hidden = slot === null;
    if (slot !== null) {
      const share = (slot + 0.5) / slots;
      this.marker.style.left = `${share * 100}%`;
      this.marker.dataset.side = share > 0.5 ? 'left' : 'right';
      setText(this.marker.firstElementChild, `slot ${whole(slot)}`);
    }
  }
}
