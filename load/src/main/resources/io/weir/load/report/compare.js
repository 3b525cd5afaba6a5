'use strict';

(() => {
  const runs = DATA.runs;
  const hue = i => 'c' + (i % 8 + 1);
  const swatch = i => h('span', {class: 'swatch', style: 'background:var(--' + hue(i) + ')'});

  const figure = (value, unit) => {
    switch (unit) {
      case 'ms': return time(value);
      case 'share': return percent(value, 2);
      case '/s': return value == null ? NOTHING : count(value) + ' /s';
      case 'ratio': return decimal(value);
      default: return count(value);
    }
  };
  const ratio = (row, i) => {
    const value = row.ratios[i];
    if (i === 0 || value == null) {
      return null;
    }
    const better = row.better === 'more' ? value > 1 : value < 1;
    const notable = Math.abs(value - 1) >= 0.02 && row.better !== 'neither';
    return h('span', {class: 'ratio' + (notable ? (better ? ' better' : ' worse') : '')}, '× ' + (value < 100 ? value.toFixed(2) : count(value)));
  };

  const groups = [...new Set(DATA.rows.map(row => row.group))];
  const body = groups.flatMap(group => [
    h('tr', {class: 'group'}, h('th', {scope: 'rowgroup', colspan: runs.length + 1}, group)),
    ...DATA.rows.filter(row => row.group === group).map(row => h('tr', null,
      h('th', {scope: 'row'}, row.metric),
      row.values.map((value, i) => h('td', null, figure(value, row.unit), ratio(row, i))))),
  ]);
  const figures = wide(card('Side by side', 'Ratios are to ' + runs[0].name + '; green is better, red worse, within 2% neither.',
    h('div', {class: 'scroll'}, h('table', null,
      h('thead', null, h('tr', null, h('th', null, ''), runs.map((run, i) => h('th', {scope: 'col'}, swatch(i), run.name)))),
      h('tbody', null, body)))));

  const differing = Object.entries(DATA.differences);
  const differences = wide(card('Settings that differ', differing.length === 0 ? 'None.' : null,
    differing.length > 0 && table(['', ...runs.map(run => run.name)], differing.map(([name, values]) => [name, ...values.map(value => value ?? NOTHING)]))));

  /* One line for each run over its own times; the runs are put on one axis. */
  const joined = pick => {
    const [at, ...values] = uPlot.join(runs.map(run => [run.timeline.at, pick(run.timeline)]));
    return {at, values};
  };
  const overlay = (title, y, pick, note) => {
    const data = joined(pick);
    return card(title, note, chart({x: overTime(data.at), y, series: runs.map((run, i) => ({label: run.name, color: hue(i), values: data.values[i]}))}));
  };

  const distribution = wide(card('Response time by percentile', 'All operations together. Each step to the right is ten times rarer.', chart({
    x: overNines(DATA.curves.nines), y: {label: 'response time', format: time, log: true}, height: 320,
    series: DATA.curves.lines.map((line, i) => ({label: line.name, color: hue(i), values: line.millis, width: 2}))})));

  show(
    h('header', null,
      h('h1', null, runs.map(run => run.name).join(' · ')),
      h('p', {class: 'sub'}, runs.length + ' runs compared'),
      h('ul', {class: 'verdicts'}, DATA.warnings.map(text => verdict('warn', text)))),
    h('div', {class: 'grid'},
      figures, differences, distribution,
      overlay('Throughput over time', {label: 'operations/s', format: count}, of => of.throughput),
      overlay('p99 over time', {label: 'response time', format: time, log: true}, of => of.response.p99),
      runs.some(run => run.hitRatio != null) && overlay('Hit ratio over time', {label: 'reads answered from memory', format: percentLabel, top: 1}, of => of.hitRatio),
      overlay('p99.9 over time', {label: 'response time', format: time, log: true}, of => of.response['p99.9']),
      wide(card('Runs', null, table(['', 'began', 'measured', 'Weir', 'Java', 'processor', 'cores', 'generator'],
        runs.map(run => [run.name, moment(run.startedAt), decimal(run.seconds, 4) + ' s', run.environment.weirVersion, run.environment.javaVersion, run.environment.cpu,
          run.environment.cores, run.generator.limited ? 'was the limit' : 'not the limit']), [1, 3, 4, 5, 7])))),
    footer());
})();
