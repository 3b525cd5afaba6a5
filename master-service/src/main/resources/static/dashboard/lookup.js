import { element } from './dom.js';
import * as format from './format.js';
import { answer, Refused } from './poll.js';

/** The box that finds a key: asks the master, which asks the owner. */
export function lookUp(form, found, onSlot) {
  let asked = 0;
  form.addEventListener('submit', async submitted => {
    submitted.preventDefault();
    const mine = ++asked;
    const key = form.elements.key.value;
    let shown;
    let slot = null;
    form.setAttribute('aria-busy', 'true');
    try {
      const status = await answer(`/status/keys?key=${encodeURIComponent(key)}`);
      shown = describe(status);
      slot = status.slot;
    } catch (failure) {
      shown = [problem(sentence(failure))];
    }
    if (mine === asked) {
      form.removeAttribute('aria-busy');
      found.replaceChildren(...shown);
      onSlot(slot);
    }
  });
}

function sentence(failure) {
  if (failure instanceof Refused) {
    return failure.message;
  }
  return failure instanceof URIError ? 'That is no valid text.' : 'The master does not answer.';
}

function describe(status) {
  const rows = [
    ['Key', status.key],
    ['Slot', format.whole(status.slot)],
    ['Shard', status.shard ?? 'none yet'],
    ['Owner', status.nodeId === null ? 'none' : `${status.nodeId} at ${status.url}`],
  ];
  const { entry } = status;
  if (entry?.found) {
    rows.push(
      ['Size', entry.size === null ? format.UNKNOWN : `${format.whole(entry.size)} bytes`],
      ['Content type', entry.contentType ?? format.UNKNOWN],
      ['ETag (version)', entry.etag ?? format.UNKNOWN],
    );
  } else if (entry) {
    rows.push(['Entry', 'there is none']);
  }
  if (entry?.cacheStatus) {
    rows.push(['Cache status', entry.cacheStatus]);
  }
  const list = element(
    'dl',
    { class: 'entry' },
    ...rows.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
  return status.problem === null ? [list] : [list, problem(status.problem)];
}

function problem(text) {
  return element('p', { class: 'problem' }, text);
}
