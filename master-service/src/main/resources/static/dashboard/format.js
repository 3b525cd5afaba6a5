/** Figures as people read them, never broken from their units. What is not known is a dash. */

export const UNKNOWN = '–';

const PLAIN = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const ONE_DIGIT = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function scaled(value, base, units) {
  let unit = 0;
  // 999.95 would be rounded up to four digits.
  while (value >= base - 0.05 && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  const digits = value < 100 && (unit > 0 || value < 10) ? ONE_DIGIT : PLAIN;
  return digits.format(value) + units[unit];
}

export function count(value) {
  return value == null ? UNKNOWN : scaled(value, 1000, ['', '\u00a0k', '\u00a0M', '\u00a0G', '\u00a0T']);
}

export function whole(value) {
  return value == null ? UNKNOWN : PLAIN.format(value);
}

export function bytes(value) {
  return value == null ? UNKNOWN : scaled(value, 1024, ['\u00a0B', '\u00a0KiB', '\u00a0MiB', '\u00a0GiB', '\u00a0TiB']);
}

export function percent(ratio) {
  if (ratio == null) {
    return UNKNOWN;
  }
  // 99.96 % is not yet all.
  const shown = ratio < 1 ? Math.min(99.9, Math.round(ratio * 1000) / 10) : 100;
  return ONE_DIGIT.format(shown) + '\u00a0%';
}

export function age(seconds) {
  if (seconds == null) {
    return UNKNOWN;
  }
  if (seconds < 60) {
    return (seconds < 10 ? ONE_DIGIT : PLAIN).format(seconds) + '\u00a0s';
  }
  if (seconds < 3600) {
    return Math.floor(seconds / 60) + '\u00a0min';
  }
  return seconds < 86400 ? Math.floor(seconds / 3600) + '\u00a0h' : Math.floor(seconds / 86400) + '\u00a0d';
}

/** A sliding window of five minutes, or less in a young server. */
export function lately(seconds) {
  return seconds > 0 ? `last ${age(seconds)}` : UNKNOWN;
}

export function time(date) {
  return date.toLocaleTimeString('en-GB');
}

/** The first block of an id is enough to tell it from others. */
export function short(id) {
  return id == null ? UNKNOWN : id.slice(0, 8);
}

/** Shortens every id in a sentence. */
export function shortIds(text) {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '$1');
}

export function ranges(list) {
  return list.length === 0
    ? 'none'
    : list.map(range => `${whole(range.first)}–${whole(range.last)}`).join(', ');
}
