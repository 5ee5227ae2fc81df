// (e) round trip of processes, the second half of the cycles of each run
import type { Effort } from '../support/bench.js';
import { inTurn, limit, readPhases, trial } from '../support/bench.js';
import { phasesTable } from '../support/phases-table.js';

const phases = ['create', 'output', 'exit', 'close', 'whole'];

export function processLatency({ rounds, cycles }: Effort): void {
  const sides = inTurn(
    rounds,
    () => readPhases(phases, trial('process-latency', cycles)),
    () => readPhases(phases, limit('process-latency', cycles)),
  );
  console.log('\n(e) One process after the other in one system, stdout read to its end, microseconds');
  console.log(phasesTable(phases, sides));
}
