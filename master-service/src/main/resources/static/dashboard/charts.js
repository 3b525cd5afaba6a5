import uPlot from '/webjars/uplot/dist/uPlot.esm.js';
import { count } from './format.js';

const charts = new Set();
const dark = matchMedia('(prefers-color-scheme: dark)');

// A canvas does not follow the style sheet by itself.
dark.addEventListener('change', () => charts.forEach(chart => chart.rebuild()));

const resized = new ResizeObserver(entries => {
  for (const { target } of entries) {
    charts.forEach(chart => chart.holder === target && chart.resize());
  }
});

/** Reads and writes a second over a window of time that ends now. */
export class ThroughputChart {
  constructor(holder, history, axes) {
    this.holder = holder;
    this.history = history;
    this.axes = axes;
    charts.add(this);
    this.rebuild();
    resized.observe(holder);
  }

  rebuild() {
    this.plot?.destroy();
    this.plot = new uPlot(this.options(), this.history.columns, this.holder);
  }

  resize() {
    this.plot.setSize({ width: this.holder.clientWidth, height: this.holder.clientHeight });
  }

  draw() {
    this.plot.setData(this.history.columns);
  }

  remove() {
    resized.unobserve(this.holder);
    charts.delete(this);
    this.plot.destroy();
  }

  options() {
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const line = name => ({
      stroke: colour(name),
      fill: colour(name + '-fill'),
      width: this.axes ? 2 : 1.5,
      points: { show: false },
    });
    const axis = {
      stroke: colour('--quiet'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    return {
      width: this.holder.clientWidth || 300,
      height: this.holder.clientHeight || 40,
      legend: { show: false },
      cursor: { show: false },
      padding: this.axes ? [8, 8, 0, 0] : [2, 0, 2, 0],
      scales: {
        x: { time: true, range: () => this.window() },
        y: { range: (plot, low, high) => [0, Math.max(1, (high ?? 0) * 1.1)] },
      },
      series: [{}, line('--reads'), line('--writes')],
      axes: this.axes
        ? [
            { ...axis, values: (plot, splits) => splits.map(clock), space: 80 },
            { ...axis, values: (plot, splits) => splits.map(count), size: 52 },
          ]
        : [{ show: false }, { show: false }],
    };
  }

  window() {
    const now = this.history.columns[0].at(-1) ?? 0;
    return [now - this.history.seconds, now];
  }
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
