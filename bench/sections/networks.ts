import type { Figure, Group } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Effort, Section } from '../support/bench.js';
import { client, inTurn, ours } from '../support/bench.js';
import type { Phases } from '../support/phases.js';
import { phaseFigures, readPhases } from '../support/phases.js';
import { summarise } from '../support/statistics.js';

const phases = ['network', 'endpoint', 'namespace', 'attach', 'detach', 'delete', 'whole'];
const read = (output: string): Phases => readPhases(phases, output);

// What a host that takes time does in: the calls that change something.
const changing = ['CreateNetwork', 'CreateEndpoint', 'CreateNamespace', 'ModifyNamespace', 'DeleteEndpoint'];
const slow = [...changing, 'DeleteNamespace', 'DeleteNetwork'];

function sidesOf({ rounds, cycles }: Effort, milliseconds: number) {
  const requests = (milliseconds > 0 ? slow : []).map((name) =>
    JSON.stringify({ Inject: { Function: `computenetwork.Hcn${name}`, CallMs: milliseconds, Count: 0 } }),
  );
  return inTurn(rounds, [
    ours(read, 'networks', cycles, milliseconds, slow.join()),
    client(read, 'networks', cycles, ...requests),
  ]);
}

function cycleGroups(effort: Effort): Group[] {
  const sides = sidesOf(effort, 0);
  const [own, other] = sides;
  // Three methods delete.
  const added = phases.slice(0, -1).map((phase): Figure => {
    const methods = phase === 'delete' ? 3 : 1;
    const rounds = own!.rounds.map((each, round) => {
      const medianOf = (values: readonly number[] = []): number => summarise(values).p50;
      return (medianOf(each[phase]) - medianOf(other!.rounds[round]?.[phase])) / methods;
    });
    return { name: phase, series: [series('hostcompute', rounds)], target: { most: 40 } };
  });
  return [
    {
      title: 'On a host that answers at once',
      unit: 'µs',
      better: 'less',
      chart: 'distributions',
      figures: phaseFigures(phases, sides, {}),
    },
    { title: 'What a method adds, of the medians', unit: 'µs', better: 'less', chart: 'bars', figures: added },
    {
      title: 'On a host that takes 1 ms for each change',
      unit: 'µs',
      better: 'less',
      chart: 'distributions',
      figures: phaseFigures(phases, sidesOf({ ...effort, cycles: Math.min(effort.cycles, 400) }, 1), {
        whole: { most: 1.15 },
      }),
    },
  ];
}

interface Many {
  readonly create: number;
  readonly list: number;
  readonly delete: number;
  /** KiB of resident memory for each endpoint that is there. */
  readonly memory?: number;
}

function many({ rounds, quick }: Effort): Group[] {
  const readMany = (output: string): Many => JSON.parse(output) as Many;
  const counts = quick ? [10, 100] : [100, 1000, 10_000];
  const measured = counts.map((count) => ({
    count,
    sides: inTurn(rounds, [ours(readMany, 'endpoints', count), client(readMany, 'endpoints', count)]),
  }));
  const group = (what: 'create' | 'list' | 'delete'): Group => ({
    title: `Endpoints of one network: ${what} all, for each`,
    unit: 'µs',
    better: 'less',
    chart: 'bars',
    figures: measured.map(({ count, sides }) =>
      compared(
        `${count.toLocaleString('en-US')} endpoints`,
        sides.map(({ name, rounds: each }) =>
          series(
            name,
            each.map((one) => one[what]),
          ),
        ),
      ),
    ),
  });
  const memory: Group = {
    title: 'Memory for each endpoint that is there, with the host in the same process',
    unit: 'KiB',
    better: 'less',
    chart: 'bars',
    figures: measured.slice(1).map(({ count, sides }) => ({
      name: `${count.toLocaleString('en-US')} endpoints`,
      series: [
        series(
          'hostcompute',
          sides[0]!.rounds.map((one) => one.memory ?? NaN),
        ),
      ],
    })),
  };
  return [group('create'), group('list'), group('delete'), memory];
}

export const networks: Section = {
  id: 'p',
  title: 'Networks',
  about:
    'A network, an endpoint and a namespace are created, the endpoint is attached and detached, and all are deleted; then many ' +
    'endpoints of one network. The C++ client makes the same calls, and as they are synchronous it has no thread to hand them to.',
  measure: (effort) => [...cycleGroups(effort), ...many(effort)],
};
