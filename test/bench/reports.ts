// Reports for tests of what reads them. The figures are made up to be judged, and are shown nowhere.
import type { Figure, Group } from '../../bench/results/figures.js';
import type { Report } from '../../bench/results/report.js';
import { format, version } from '../../bench/results/report.js';

export const group = (figures: readonly Figure[], changes: Partial<Group> = {}): Group => ({
  title: 'Group',
  unit: 'µs',
  better: 'less',
  chart: 'bars',
  figures,
  ...changes,
});

export const figure = (rounds: readonly number[], name = 'start'): Figure => ({
  name,
  series: [{ name: 'hostcompute', rounds }],
});

export function report(groups: readonly Group[], changes: Partial<Report> = {}): Report {
  return {
    format,
    version,
    date: '2026-01-02T03:04:05.000Z',
    commit: '0123456789',
    changed: false,
    node: 'v22.0.0',
    machine: { system: 'Linux', processor: 'made up', processors: 2, memoryGiB: 4, load: [0, 0] },
    host: { kind: 'simulated', description: 'the simulated host' },
    rounds: 3,
    cycles: 100,
    quick: false,
    leftOut: [],
    sections: [{ id: 'a', title: 'Section', about: 'About it.', groups }],
    ...changes,
  };
}
