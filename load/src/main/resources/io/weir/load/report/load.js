'use strict';

(() => {
  const run = DATA.run;
  const open = run.target != null;
  const all = run.all;

  const database = run.database;
  const loop = open
    ? 'open loop, ' + count(run.target.ratePerSecond) + ' operations/s, ' + run.target.arrivals + ' arrivals'
    : 'closed loop';

  const verdicts = [];
  verdicts.push(run.failed === 0
    ? verdict('good', 'no errors')
    : verdict('bad', count(run.failed) + ' errors (' + percent(run.failed / (run.failed + run.succeeded), 2) + ')'));
  if (run.verification == null) {
    verdicts.push(verdict('plain', 'answers not verified'));
  } else {
    const wrong = run.verification.staleReads + run.verification.corruptReads + run.verification.missingReads;
    verdicts.push(wrong === 0
      ? verdict('good', 'verified: ' + count(run.verification.checkedReads) + ' reads, all right')
      : verdict('bad', count(wrong) + ' of ' + count(run.verification.checkedReads) + ' verified reads were wrong'));
  }
  verdicts.push(run.generator.limited
    ? verdict('warn', 'the generator was the limit: the figures say what it can do, not what the cluster can')
    : verdict('good', 'generator not the limit'));

  const head = h('header', null,
    h('h1', null, run.name),
    h('p', {class: 'sub'}, h('b', null, loop), ' · ' + decimal(run.seconds, 4) + ' s measured · began ' + moment(run.startedAt)),
    h('ul', {class: 'verdicts'}, verdicts));

  const tiles = h('div', {class: 'tiles'},
    tile('throughput', count(run.throughput), '/s', open ? 'of ' + count(run.target.ratePerSecond) + '/s asked for' : count(run.succeeded) + ' operations'),
    tile('p50', time(all.response?.p50), null, open ? 'service ' + time(all.service?.p50) : 'half are faster'),
    tile('p99', time(all.response?.p99), null, open ? 'service ' + time(all.service?.p99) : '1 in 100 is slower'),
    tile('p99.9', time(all.response?.p999), null, open ? 'service ' + time(all.service?.p999) : '1 in 1,000 is slower'),
    tile('hit ratio', percent(run.hitRatio), null, run.hitRatio == null ? 'not reported' : count(run.hits) + ' hits, ' + count(run.misses) + ' misses'),
    tile('errors', count(run.failed), null, run.failed === 0 ? 'none' : percent(run.failed / (run.failed + run.succeeded), 2) + ' of the operations'),
    tile('saved by coalescing', database == null || database.writes === 0 ? NOTHING : percent(database.coalesced / database.writes), null,
      database == null ? 'metrics not read' : count(database.coalesced) + ' of ' + count(database.writes) + ' writes'));

  const timeline = run.timeline;
  const operations = Object.keys(timeline.operations);
  const lines = (columns, extra) => PERCENTILES.map(([label, hue]) => ({label: (extra?.prefix ?? '') + label, color: hue, values: columns[label], ...extra}));

  const throughput = card('Throughput over time', null, chart({
    x: overTime(timeline.at),
    y: {label: 'operations/s', format: count},
    series: [
      ...(operations.length > 1 ? [{label: 'all', color: 'c8', width: 1.25, values: timeline.throughput}] : []),
      ...operations.map((name, i) => ({label: name, color: 'c' + (i + 1), values: timeline.operations[name]})),
      ...(run.failed > 0 ? [{label: 'errors', color: 'bad', values: timeline.errors, dash: [5, 4]}] : []),
    ],
  }));

  const response = card(open ? 'Response time over time' : 'Latency over time',
    open ? 'From the moment at which the schedule wanted the request sent to the complete answer: waiting behind slow ones counts.' : null,
    chart({x: overTime(timeline.at), y: {label: 'response time', format: time, log: true}, series: lines(timeline.response)}));
  const service = open && card('Service time over time', 'From the moment at which it was sent: what a slow server hides from a generator that waits for it.',
    chart({x: overTime(timeline.at), y: {label: 'service time', format: time, log: true}, series: lines(timeline.service)}));

  const same = section => section;
  const curves = DATA.curves;
  const curveSeries = curves.lines.map((line, i) => ({
    label: line.name, values: line.millis, width: i === 0 ? 2.25 : 1.5,
    color: i === 0 ? 'ink' : 'c' + ((i - 1) % 8 + 1), dash: line.service ? [6, 4] : undefined,
  }));
  const distribution = (open ? wide : same)(card('Latency by percentile', 'Each step to the right is ten times rarer.', chart({
    x: overNines(curves.nines), y: {label: 'latency', format: time, log: true}, series: curveSeries, height: open ? 320 : 270})));

  const hits = run.hitRatio != null && card('Hit ratio over time', null, chart({
    x: overTime(timeline.at), y: {label: 'reads answered from memory', format: percentLabel, top: 1},
    series: [{label: 'hit ratio', color: 'c3', values: timeline.hitRatio}]}));

  const LATENCY_HEADINGS = ['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max'];
  const latency = of => ['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'].map(figure => time(of?.[figure]));
  const both = run.operations.length > 1 ? [all, ...run.operations] : run.operations;
  const rows = both.flatMap(of => [
    [of.operation + (open ? ', response' : ''), count(of.perSecond), ...latency(of.response), count(of.count), count(of.errors)],
    ...(open ? [[of.operation + ', service', '', ...latency(of.service), '', '']] : []),
  ]);
  const latencies = wide(card('Operations', null, table(['', '/s', ...LATENCY_HEADINGS, 'succeeded', 'errors'], rows)));

  const servers = wide(card('Cache servers', 'Service times.', table(
    ['', 'address', 'requests', '/s', 'hits', 'misses', 'hit ratio', 'errors', ...LATENCY_HEADINGS],
    run.servers.map(of => [of.nodeId, of.url, count(of.requests), count(of.perSecond), count(of.hits), count(of.misses), percent(of.hitRatio), count(of.errors),
      ...latency(of.service)]), [1])));

  const errors = card('Errors', run.failed === 0 ? 'None.' : null,
    run.failed > 0 && table(['kind', 'operations', 'share'], Object.entries(run.errors).map(([kind, number]) =>
      [kind, count(number), percent(number / (run.failed + run.succeeded), 3)])));

  const written = card('The databases',
    database == null ? 'The cache servers’ metrics could not be read.' : 'What the cache servers’ own metrics counted meanwhile.',
    database && pairs([
      ['writes acknowledged', count(database.writes)],
      ['saved by coalescing', count(database.coalesced) + (database.writes > 0 ? ' (' + percent(database.coalesced / database.writes) + ' of the writes never became a row)' : '')],
      ['rows written back', count(database.rows)],
      ['transactions', count(database.transactions) + (database.transactions > 0 ? ' (' + decimal(database.rows / database.transactions) + ' rows each)' : '')],
      ...(database.statements == null ? [] : [['statements', count(database.statements) + (database.writes > 0 ? ' (' + decimal(1000 * database.statements / database.writes) + ' for a thousand writes)' : '')]]),
    ]));

  const checked = card('Verification', run.verification == null ? 'Not asked for (--verify).' : null,
    pairs([
      ...(run.verification == null ? [] : [
        ['reads checked', count(run.verification.checkedReads)],
        ['stale', count(run.verification.staleReads)],
        ['corrupt', count(run.verification.corruptReads)],
        ['missing', count(run.verification.missingReads)],
      ]),
      ['writes acknowledged', count(run.writes.acknowledged) + ' since the first one'],
      ['outcome unknown', count(run.writes.ambiguous)],
      ['reads without an entry', count(run.absentReads)],
    ]),
    run.verification?.examples.map(example => h('p', {class: 'examples'}, example)));

  const generator = card('The generator itself', run.generator.verdict,
    chart({x: overTime(timeline.at), y: {label: 'lag', format: time}, height: 170,
      series: [{label: 'longest lag', color: 'c2', values: timeline.lag}]}),
    pairs([
      ['processor', decimal(run.generator.cores) + ' cores used, the busiest of ' + count(run.generator.threads) + ' event loops ' + percent(run.generator.busiestLoop, 0)],
      ['lag', 'p99 ' + time(run.generator.p99LagMillis) + ', longest ' + time(run.generator.maxLagMillis)],
    ]));

  show(head, tiles,
    h('div', {class: 'grid'},
      throughput, open && hits, response, service, distribution, !open && hits,
      latencies, run.servers.length > 0 && servers, errors, written, checked, generator,
      card('Settings', null, pairs(Object.entries(run.settings))),
      card('Machine and versions', 'Of the generator.', environment(run.environment))),
    footer());
})();
