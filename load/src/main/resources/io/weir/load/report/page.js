'use strict';

const DATA = JSON.parse(document.getElementById('data').textContent);

/* Elements. Text is always set as text: what was measured is never taken for markup. */

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value != null && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child != null && child !== false));
  return element;
}

function card(title, note, ...content) {
  const wide = content.some(each => each?.classList?.contains('wide'));
  return h('section', {class: wide ? 'card wide' : 'card'}, h('h2', null, title), note ? h('p', null, note) : null, content);
}

function wide(section) {
  section.classList.add('wide');
  return section;
}

function tile(name, figure, unit, more) {
  return h('div', {class: 'tile'},
    h('div', {class: 'name'}, name),
    h('div', {class: 'figure'}, figure, unit ? h('small', null, ' ' + unit) : null),
    h('div', {class: 'more'}, more ?? ' '));
}

function verdict(kind, text) {
  return h('li', {class: 'verdict ' + kind}, text);
}

/* A table of text cells; columns given in `text` stand on the left. */
function table(headings, rows, text = []) {
  const kind = column => (text.includes(column) ? 'text' : null);
  return h('div', {class: 'scroll'}, h('table', null,
    h('thead', null, h('tr', null, headings.map((heading, i) => h('th', {scope: 'col', class: kind(i)}, heading)))),
    h('tbody', null, rows.map(row => h('tr', null, row.map((cell, i) =>
      h(i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : null, class: kind(i)}, cell)))))));
}

/* Names and values below each other. */
function pairs(entries) {
  return h('div', {class: 'scroll'}, h('table', {class: 'pairs'},
    h('tbody', null, entries.map(([name, value]) => h('tr', null, h('th', {scope: 'row'}, name), h('td', null, String(value)))))));
}

/* Figures. */

const NOTHING = '–';
const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const count = value => (value == null ? NOTHING : whole.format(value));

function decimal(value, digits = 3) {
  if (value == null) {
    return NOTHING;
  }
  if (value === 0) {
    return '0';
  }
  const before = Math.max(0, Math.floor(Math.log10(Math.abs(value))) + 1);
  return value.toLocaleString('en-US', {maximumFractionDigits: Math.min(6, Math.max(0, digits - before))});
}

/* A latency in milliseconds, with a unit that suits it. */
function time(millis) {
  if (millis == null) {
    return NOTHING;
  }
  if (millis < 1) {
    return decimal(millis * 1000) + ' µs';
  }
  return millis < 1000 ? decimal(millis) + ' ms' : decimal(millis / 1000) + ' s';
}

const percent = (share, digits = 1) =>
  share == null ? NOTHING : (share * 100).toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits}) + '%';
/* Of an axis: as many digits as are needed. */
const percentLabel = share => decimal(share * 100, 4) + '%';
const moment = iso => new Date(iso).toISOString().replace('T', ' ').replace(/\.\d+Z/, ' UTC').replace('Z', ' UTC');
/* 2 nines are 99%. */
const ninesLabel = nines => {
  const share = 1 - Math.pow(10, -nines);
  return (share * 100).toFixed(Math.max(0, Math.ceil(nines) - 2)) + '%';
};

/* Charts. */

const charts = [];
const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function tooltip(spec) {
  let box;
  const hide = () => { box.style.display = 'none'; };
  return {
    hooks: {
      init: u => {
        box = h('div', {class: 'tooltip'});
        u.over.append(box);
        u.over.addEventListener('mouseleave', hide);
      },
      setCursor: u => {
        const at = u.cursor.idx;
        const rows = at == null ? [] : u.series.slice(1)
          .map((series, i) => ({series, value: u.data[i + 1][at], of: spec.series[i]}))
          .filter(each => each.series.show && each.value != null);
        if (rows.length === 0) {
          hide();
          return;
        }
        box.replaceChildren(
          h('div', {class: 'at'}, spec.x.tip(u.data[0][at])),
          h('table', null, rows.map(each => h('tr', null,
            h('td', null, h('span', {class: 'swatch', style: 'background:' + color(each.of.color)}), each.of.label),
            h('td', null, spec.y.format(each.value))))));
        box.style.display = 'block';
        const right = u.cursor.left + 16 + box.offsetWidth;
        box.style.left = (right > u.over.clientWidth ? Math.max(0, u.cursor.left - 16 - box.offsetWidth) : u.cursor.left + 16) + 'px';
        box.style.top = Math.max(0, Math.min(u.cursor.top, u.over.clientHeight - box.offsetHeight)) + 'px';
      },
    },
  };
}

/* Of a logarithmic axis: 1, 2 … 9 of each power of ten; of which few are labelled where there are many. */
function logTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (let digit = 1; digit <= 9; digit++) {
      const tick = digit * Math.pow(10, power);
      if (tick >= low && tick <= high) {
        ticks.push(tick);
      }
    }
  }
  return ticks;
}

function labelledLogTicks(ticks, low, high) {
  const decades = Math.log10(high / low);
  const wanted = decades > 2.5 ? [1] : decades > 0.6 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return ticks.map(tick => (wanted.includes(Math.round(tick / Math.pow(10, Math.floor(Math.log10(tick) + 1e-9)))) ? tick : null));
}

/*
 * A line chart.
 * x: {values, label, tip, ticks?, format?, range?}, ticks being a function of the width; y: {label, format, log?, top?}
 * series: [{label, values, color, dash?, width?, points?}]
 */
function chart(spec) {
  const box = h('div', {class: 'chart'});
  let plot;
  const draw = () => {
    plot?.destroy();
    const axis = {stroke: color('soft'), font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif', labelSize: 20,
      grid: {stroke: color('grid'), width: 1}, ticks: {show: false}};
    const values = spec.series.flatMap(each => each.values).filter(value => value != null && (!spec.y.log || value > 0));
    const highest = values.length ? Math.max(...values) : 1;
    const lowest = values.length ? Math.min(...values) : 0;
    const x = {...axis, label: spec.x.label, size: 34, values: (u, splits) => splits.map(spec.x.format ?? (v => decimal(v, 4)))};
    if (spec.x.ticks) {
      x.splits = () => spec.x.ticks(box.clientWidth);
      x.filter = (u, splits) => splits;
    }
    const yAxis = {...axis, label: spec.y.label, size: 64, values: (u, splits) => splits.map(v => (v == null ? null : spec.y.format(v)))};
    const logarithmic = [lowest / 1.25 || 1, Math.max(highest, lowest * 2) * 1.25];
    if (spec.y.log) {
      yAxis.splits = () => logTicks(...logarithmic);
      yAxis.filter = (u, splits) => labelledLogTicks(splits, ...logarithmic);
    }
    const y = spec.y.log
      ? {distr: 3, range: logarithmic}
      : {range: spec.y.range ?? [0, highest > 0 ? (spec.y.top ? Math.min(spec.y.top, highest * 1.08) : highest * 1.08) : 1]};
    plot = new uPlot({
      width: Math.max(240, box.clientWidth),
      height: spec.height ?? 270,
      padding: [12, 14, 0, 0],
      cursor: {y: false, points: {size: 7}},
      legend: {live: false, markers: {width: 0, fill: (u, i) => color(spec.series[i - 1].color)}},
      scales: {x: {time: false, range: spec.x.range}, y},
      axes: [x, yAxis],
      series: [{}, ...spec.series.map(each => ({
        label: each.label,
        stroke: color(each.color),
        width: each.width ?? 1.75,
        dash: each.dash,
        spanGaps: false,
        points: {show: each.points ?? false, size: 6, fill: color('card')},
      }))],
      plugins: [tooltip(spec)],
    }, [spec.x.values, ...spec.series.map(each => each.values.map(value => (spec.y.log && value <= 0 ? null : value)))], box);
  };
  charts.push({box, draw, resize: () => {
    const width = Math.max(240, box.clientWidth);
    if (plot != null && plot.width !== width) {
      plot.setSize({width, height: spec.height ?? 270});
    }
  }});
  return box;
}

/* Draws the page: charts need their width, so they are drawn when they are in place. */
function show(...content) {
  document.getElementById('page').append(...content.flat().filter(each => each != null && each !== false));
  charts.forEach(each => each.draw());
  const observer = new ResizeObserver(() => requestAnimationFrame(() => charts.forEach(each => each.resize())));
  observer.observe(document.getElementById('page'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(each => each.draw()));
}

const PERCENTILES = [['p50', 'p1'], ['p95', 'p2'], ['p99', 'p3'], ['p99.9', 'p4']];
const overTime = values => ({values, label: 'time since the measurement began (s)', tip: v => decimal(v, 4) + ' s'});

/* The axis on which each further nine takes the same room. */
function overNines(values) {
  const most = Math.floor((values.at(-1) ?? 1) - 0.1);
  const nines = [];
  for (let each = 1; each <= most; each++) {
    nines.push(each);
  }
  const ticks = width => (width < 520 ? [0, ...nines] : [0, -Math.log10(0.5), ...nines]);
  return {values, ticks, range: [0, Math.max(1, values.at(-1) ?? 1)], label: 'percentile', format: ninesLabel, tip: v => 'percentile ' + ((1 - Math.pow(10, -v)) * 100).toFixed(Math.max(1, Math.ceil(v) - 1)) + '%'};
}

function environment(of) {
  return pairs([['Weir', of.weirVersion], ['Java', of.javaVersion], ['system', of.os], ['processor', of.cpu], ['cores', of.cores],
    ['masters', of.masterUrls.join(', ')]]);
}

function footer() {
  return h('footer', null, 'Written by weir. Charts: uPlot (MIT licence, in this file). Drag over a chart to zoom in, double-click to zoom out; click a name below a chart to hide its line.');
}
