import type { Section } from '../support/bench.js';
import { client, inTurn, ours } from '../support/bench.js';
import type { Phases } from '../support/phases.js';
import { phaseFigures, readPhases } from '../support/phases.js';

const phases = ['create', 'output', 'exit', 'close', 'whole'];
const read = (output: string): Phases => readPhases(phases, output);

export const processLatency: Section = {
  id: 'e',
  title: 'Round trip of a process by phase',
  about:
    'One process after the other in one system: create, read stdout to its end, hear of the exit, close. ' +
    'The second half of the cycles of each run counts.',
  measure({ rounds, cycles }) {
    const sides = inTurn(rounds, [ours(read, 'process-latency', cycles), client(read, 'process-latency', cycles)]);
    const figures = phaseFigures(phases, sides, { whole: { most: 2.5 } });
    return [{ title: 'Round trip of cmd /c echo x', unit: 'µs', better: 'less', chart: 'distributions', figures }];
  },
};
