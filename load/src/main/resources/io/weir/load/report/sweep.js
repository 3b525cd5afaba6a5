'use strict';

(() => {
  const cells = DATA.cells;
  const thetas = [...new Set(cells.map(cell => cell.theta))].sort((a, b) => a - b);
  const capacities = [...new Set(cells.map(cell => cell.capacity))].sort((a, b) => a - b);
  const policies = [...new Set(cells.map(cell => cell.policy))];
  const cell = (theta, capacity, policy) => cells.find(each => each.theta === theta && each.capacity === capacity && each.policy === policy);
  const hue = i => 'c' + (i % 8 + 1);
  const share = value => decimal(value * 100, 4) + '%';

  /* Capacities are tried at 1%, 2%, 5%, 10% …: on a logarithmic axis they stand about evenly. */
  const overCapacity = {
    values: capacities.map(capacity => Math.log10(capacity)),
    ticks: () => capacities.map(capacity => Math.log10(capacity)),
    range: capacities.length > 1
      ? [Math.log10(capacities[0]) - 0.04, Math.log10(capacities.at(-1)) + 0.04]
      : [Math.log10(capacities[0]) - 1, Math.log10(capacities[0]) + 1],
    label: 'cache size, as a share of the keys (logarithmic)',
    format: value => share(Math.pow(10, value)),
    tip: value => 'cache size ' + share(Math.pow(10, value)),
  };
  const line = (label, color, policy, pick, extra) => theta => ({
    label: label(theta), color: color(theta), points: true, values: capacities.map(capacity => {
      const of = cell(theta, capacity, policy);
      return of == null ? null : pick(of);
    }), ...extra,
  });
  const each = (pick, extra) => policies.flatMap((policy, p) => thetas.map(line(
    theta => 'theta ' + theta + (policies.length > 1 ? ', ' + policy : ''),
    theta => hue(p * thetas.length + thetas.indexOf(theta)), policy, pick, extra)));

  const lru = cells.filter(of => of.policy === 'lru');
  const others = cells.filter(of => of.policy !== 'lru');
  const worst = Math.max(...lru.map(of => Math.abs(of.hitRatio - of.lruHitRatio)));
  const gains = others.map(of => of.hitRatio - of.lruHitRatio);
  const errors = cells.reduce((sum, of) => sum + of.errors, 0);
  const limited = cells.filter(of => of.generatorLimited).length;
  const partial = cells.filter(of => !of.full).length;

  show(
    h('header', null,
      h('h1', null, 'How large must the cache be?'),
      h('p', {class: 'sub'}, h('b', null, count(DATA.keys) + ' keys'), ' · ' + cells.length + ' runs of ' + decimal(DATA.seconds, 3) + ' s each · began ' + moment(DATA.startedAt)),
      h('ul', {class: 'verdicts'},
        lru.length > 0 && verdict(worst <= 0.02 ? 'good' : 'warn', (others.length > 0 ? 'lru: ' : '') + 'hit ratio within ' + decimal(Math.ceil(worst * 1000) / 1000, 3) + ' of exact LRU'),
        gains.length > 0 && verdict(Math.min(...gains) >= 0 ? 'good' : 'warn', 'w-tinylfu: hit ratio ' + Math.min(...gains).toFixed(4) + ' to ' + Math.max(...gains).toFixed(4) + ' above exact LRU'),
        verdict(errors === 0 ? 'good' : 'bad', errors === 0 ? 'no errors' : count(errors) + ' errors'),
        limited > 0 && verdict('warn', 'in ' + limited + ' of the runs the generator was the limit: their throughput is what it can do, not what the cluster can'),
        partial > 0 && verdict('warn', 'in ' + partial + ' of the runs the load does not fill the cache'))),
    h('div', {class: 'grid'},
      wide(card('Hit ratio', 'Dashed: an exact LRU of the same size that saw the same requests.', chart({
        x: overCapacity, height: 380, y: {label: 'reads answered from memory', format: percentLabel, top: 1},
        series: [...each(of => of.hitRatio, {width: 2.25}),
          ...thetas.map(line(theta => 'theta ' + theta + ', exact LRU', theta => hue(thetas.indexOf(theta)), policies[0], of => of.lruHitRatio, {dash: [4, 5], width: 1.5, points: false}))]}))),
      card('Database statements', 'Reads of rows, and writes after coalescing, for each operation.', chart({
        x: overCapacity, y: {label: 'statements an operation', format: decimal}, series: each(of => of.statementsPerOperation)})),
      card('Throughput', 'Of a closed loop: it rises as latency falls.', chart({
        x: overCapacity, y: {label: 'operations/s', format: count}, series: each(of => of.throughput)})),
      card('p99', null, chart({
        x: overCapacity, y: {label: 'latency', format: time, log: true}, series: each(of => of.p99Millis)})),
      card('p50', null, chart({
        x: overCapacity, y: {label: 'latency', format: time, log: true}, series: each(of => of.p50Millis)})),
      wide(card('Figures', null, table(
        ['theta', 'cache size', 'policy', 'entries', 'stripes', 'hit ratio', 'exact LRU', 'difference', 'operations/s', 'p50', 'p99', 'p99.9', 'database reads', 'database writes', 'statements/op', 'errors'],
        cells.map(of => [String(of.theta), share(of.capacity), of.policy, count(of.entries), count(of.stripes), percent(of.hitRatio, 2), percent(of.lruHitRatio, 2),
          (of.hitRatio - of.lruHitRatio).toFixed(4), count(of.throughput), time(of.p50Millis), time(of.p99Millis), time(of.p999Millis),
          count(of.databaseReads), count(of.databaseWrites), decimal(of.statementsPerOperation), count(of.errors)])))),
      card('Settings', null, pairs(Object.entries(DATA.settings))),
      card('Machine and versions', 'Generator, cache servers and database share it.', environment(DATA.environment))),
    footer());
})();
