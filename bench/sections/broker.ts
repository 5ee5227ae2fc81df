import type { Group } from '../results/figures.js';
import { compared, sampled, series } from '../results/figures.js';
import type { Arguments, Effort, Measured, Section } from '../support/bench.js';
import { inTurn, trial } from '../support/bench.js';
import { phaseFigures, readPhases } from '../support/phases.js';

const phases = ['create', 'start', 'process', 'terminate', 'whole'];
const target = { most: 1.5 };

interface HostLatency {
  readonly title: string;
  /** The name of a profile of the simulator, or milliseconds for each phase. */
  readonly profile: string;
  /** Of one system after the other, and of each of those at once. */
  readonly cycles: number;
  readonly atOnce: number;
}

function both<T>(
  rounds: number,
  read: (output: string) => T,
  program: string,
  ...args: Arguments
): readonly Measured<T>[] {
  return inTurn(
    rounds,
    ['broker', 'in-process'].map((name) => ({ name, run: () => read(trial(program, name, ...args)) })),
  );
}

function latencies({ rounds }: Effort, { title, profile, cycles }: HostLatency): Group {
  const sides = both(rounds, (output) => readPhases(phases, output), 'broker/latency', profile, cycles);
  const figures = phaseFigures(phases, sides, { start: target, whole: target });
  return { title: `One system after the other, ${title}`, unit: 'µs', better: 'less', chart: 'distributions', figures };
}

interface Many {
  readonly rate: number;
  readonly starts: readonly number[];
}

function many({ rounds }: Effort, hosts: readonly HostLatency[]): Group[] {
  const measured = hosts.map(({ title, profile, atOnce }) => {
    const read = (output: string): Many => JSON.parse(output) as Many;
    return { title, sides: both(rounds, read, 'broker/many', profile, 64, Math.ceil(atOnce / 2), atOnce) };
  });
  const rates = measured.map(({ title, sides }) => {
    const all = sides.map(({ name, rounds: each }) =>
      series(
        name,
        each.map(({ rate }) => rate),
      ),
    );
    return compared(title, all, { least: 1 / target.most });
  });
  const starts = measured.map(({ title, sides }) => {
    const all = sides.map(({ name, rounds: each }) =>
      sampled(
        name,
        each.map((one) => one.starts),
      ),
    );
    return compared(title, all, target);
  });
  return [
    { title: '64 systems at once', unit: 'cycles/s', better: 'more', chart: 'bars', figures: rates },
    { title: 'A start, with 64 systems at once', unit: 'µs', better: 'less', chart: 'distributions', figures: starts },
  ];
}

function streams({ rounds, cycles, quick }: Effort): Group[] {
  const mebibytes = quick ? 16 : 256;
  const rates = [
    ['out', 'flood'],
    ['in and out', 'cat'],
  ].map(([what, way]) => {
    const sides = both(rounds, Number, 'broker/throughput', way!, mebibytes);
    return compared(
      what!,
      sides.map(({ name, rounds: each }) => series(name, each)),
      { least: 1 / target.most },
    );
  });
  const messages = both(rounds, (output) => readPhases(['16 bytes'], output), 'broker/messages', cycles);
  return [
    { title: `${mebibytes} MiB through the streams`, unit: 'MiB/s', better: 'more', chart: 'bars', figures: rates },
    {
      title: 'Round trip of a message through stdin and stdout',
      unit: 'µs',
      better: 'less',
      chart: 'distributions',
      figures: phaseFigures(['16 bytes'], messages, { '16 bytes': target }),
    },
  ];
}

export const broker: Section = {
  id: 'o',
  title: 'A host through a broker',
  about:
    'The simulated host behind the command hostcompute-broker, in another process and with a policy and an audit, and in this ' +
    'process. A cycle is create, start, a process and its output, terminate, close; its document names three folders.',
  measure(effort) {
    const { cycles, quick } = effort;
    const hosts: readonly HostLatency[] = [
      { title: 'a host that answers at once', profile: 'none', cycles, atOnce: quick ? 4 : 40 },
      {
        title: 'a host that takes 1 ms for each phase',
        profile: '1',
        cycles: Math.min(cycles, 1000),
        atOnce: quick ? 4 : 40,
      },
      ...(quick
        ? []
        : [{ title: 'the profile nanoserver-process', profile: 'nanoserver-process', cycles: 8, atOnce: 4 }]),
    ];
    return [...hosts.map((host) => latencies(effort, host)), ...many(effort, hosts), ...streams(effort)];
  },
};
