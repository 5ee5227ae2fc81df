// (h) what stays behind after many processes
import { trial } from '../support/bench.js';
import { table } from '../support/statistics.js';

const processes = 10_000;
const marks = 4;

export function processGrowth(): void {
  for (const atOnce of [1, 50]) {
    const kept = JSON.parse(trial('process-growth', processes, marks, atOnce)) as Record<string, number>[];
    console.log(`\n(h) What is there after so many processes, ${atOnce} at once`);
    console.log(table([Object.keys(kept[0] ?? {}), ...kept.map((row) => Object.values(row).map(String))]));
  }
}
