// The table of sections that compare the phases of a cycle.
import type { Phases, Sides } from './bench.js';
import { ratios, spread } from './bench.js';
import { median, summarise, table } from './statistics.js';

const heading = ['phase', 'p50', 'p99', 'limit p50', 'limit p99', 'p50 / limit p50'];

export function phasesTable(names: readonly string[], sides: Sides<Phases>): string {
  const rows = names.map((name) => {
    const at = (rounds: readonly Phases[], share: 'p50' | 'p99'): number[] =>
      rounds.map((round) => summarise(round[name] ?? [])[share]);
    const p50 = { ours: at(sides.ours, 'p50'), theirs: at(sides.theirs, 'p50') };
    return [
      name,
      median(p50.ours).toFixed(1),
      median(at(sides.ours, 'p99')).toFixed(1),
      median(p50.theirs).toFixed(1),
      median(at(sides.theirs, 'p99')).toFixed(1),
      spread(ratios(p50)),
    ];
  });
  return table([heading, ...rows]);
}
