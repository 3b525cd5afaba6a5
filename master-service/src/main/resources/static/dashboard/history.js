/** A gap in time longer than this, in seconds, is a gap in the line. */
const LONGEST_STEP = 6;

/** The last so many seconds of some series, in the form that uPlot draws. */
export class History {
  constructor(seconds, series) {
    this.seconds = seconds;
    this.columns = Array.from({ length: series + 1 }, () => []);
  }

  /** Adds one value to each series; null for none. A time that is not later is left out. */
  add(time, ...values) {
    const times = this.columns[0];
    const last = times.at(-1) ?? time - 1;
    if (time <= last) {
      return;
    }
    if (time - last > LONGEST_STEP) {
      this.push(last + 0.001, values.map(() => null));
    }
    this.push(time, values);
    let old = 0;
    while (times[old] < time - this.seconds) {
      old++;
    }
    this.columns.forEach(column => column.splice(0, old));
  }

  push(time, values) {
    [time, ...values].forEach((value, i) => this.columns[i].push(value));
  }
}
