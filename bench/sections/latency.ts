// (a) latency of systems, the second half of the cycles of each run
import type { Effort } from '../support/bench.js';
import { inTurn, limit, readPhases, trial } from '../support/bench.js';
import { phasesTable } from '../support/phases-table.js';

const phases = ['create', 'start', 'terminate', 'whole'];

function compare(rounds: number, cycles: number, milliseconds: number): string {
  const settings = { Profile: { Create: milliseconds, Start: milliseconds, Terminate: milliseconds } };
  const sides = inTurn(
    rounds,
    () => readPhases(phases, trial('latency', cycles, milliseconds)),
    () => readPhases(phases, limit('latency', cycles, ...(milliseconds > 0 ? [JSON.stringify(settings)] : []))),
  );
  return phasesTable(phases, sides);
}

export function latency({ rounds, cycles }: Effort): void {
  console.log('\n(a) One system after the other, microseconds');
  console.log(compare(rounds, cycles, 0));
  console.log('\n(a2) The same on a host that takes 1 ms for each phase, microseconds');
  console.log(compare(rounds, Math.min(cycles, 1000), 1));
}
