import type { Figure, Group, Target } from '../results/figures.js';
import { sampled, series } from '../results/figures.js';
import type { Effort, Measured, Section } from '../support/bench.js';
import { inTurn, trial } from '../support/bench.js';
import { summarise } from '../support/statistics.js';

interface Footprint {
  readonly rss: number;
  readonly threads: number;
  readonly descriptors: number;
}

interface Look {
  readonly client: Footprint & { readonly heap: number; readonly native: number };
  readonly host: Footprint;
}

/** What bench/trials/scale/systems.ts prints. */
interface Run {
  readonly count: number;
  /** How many were alive at the first look. */
  readonly early: number;
  readonly before: Look;
  readonly first: Look;
  readonly held: Look;
  readonly starts: readonly number[];
  readonly list: number;
  readonly exits: number;
  readonly reaped: number;
  readonly delays: { readonly start: number; readonly exit: number; readonly reap: number };
}

type Sides = readonly Measured<Run>[];

const named = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'system' : 'systems'}`;
const countOf = (side: Measured<Run>): number => side.rounds[0]!.count;
const kibibytes = (from: number, to: number, systems: number): number => ((to - from) * 1024) / systems;

/** A figure for each number of systems, with a series for each thing that is measured. */
const figuresOf = (sides: Sides, picks: Readonly<Record<string, (run: Run) => number>>, target?: Target): Figure[] =>
  sides.map((side) => ({
    name: named(countOf(side)),
    at: countOf(side),
    series: Object.entries(picks).map(([name, pick]) => series(name, side.rounds.map(pick))),
    ...(target === undefined ? {} : { target }),
  }));

function startGroups(sides: Sides): Group[] {
  const axis = 'systems that are alive';
  return [
    {
      title: 'Create and start of one more, median',
      unit: 'µs',
      better: 'less',
      chart: 'line',
      axis,
      figures: figuresOf(sides, { hostcompute: ({ starts }) => summarise(starts).p50 }),
    },
    {
      title: 'Create and start of one more',
      unit: 'µs',
      better: 'less',
      chart: 'distributions',
      figures: sides.map((side) => ({
        name: named(countOf(side)),
        series: [
          sampled(
            'hostcompute',
            side.rounds.map(({ starts }) => starts),
          ),
        ],
      })),
    },
  ];
}

function memoryGroup(sides: Sides): Group {
  const sinceFirst = (pick: (look: Look) => number) => (run: Run) =>
    kibibytes(pick(run.first), pick(run.held), run.count - run.early);
  return {
    title: 'Memory for each system with its process, of the last four fifths',
    unit: 'KiB',
    better: 'less',
    chart: 'bars',
    note: 'Both have a handle and a callback in the client. What lies outside the heap is resident memory without all that the heap has reserved.',
    figures: figuresOf(sides, {
      client: sinceFirst(({ client }) => client.rss),
      'its heap, in use': sinceFirst(({ client }) => client.heap),
      'outside its heap': sinceFirst(({ client }) => client.native),
      'the host': sinceFirst(({ host }) => host.rss),
    }),
  };
}

const countGroup = (sides: Sides): Group => ({
  title: 'Threads and descriptors',
  unit: 'count',
  better: 'less',
  chart: 'none',
  figures: figuresOf(sides, {
    'threads, client': ({ held }) => held.client.threads,
    'threads, host': ({ held }) => held.host.threads,
    'descriptors, client': ({ held }) => held.client.descriptors,
    'descriptors, host': ({ held }) => held.host.descriptors,
  }),
});

const timeGroup = (sides: Sides): Group => ({
  title: 'With all systems, for each',
  unit: 'µs',
  better: 'less',
  chart: 'bars',
  figures: figuresOf(sides, {
    list: ({ list, count }) => (list * 1000) / count,
    'exits of all, and of their processes': ({ exits, count }) => (exits * 1000) / count,
    reap: ({ reaped, count }) => (reaped * 1000) / count,
  }),
});

const delayGroup = (sides: Sides): Group => ({
  title: 'Delay of the event loop meanwhile, p99',
  unit: 'ms',
  better: 'less',
  chart: 'bars',
  figures: figuresOf(sides, {
    'one start after the other': ({ delays }) => delays.start,
    'exits of all': ({ delays }) => delays.exit,
    reap: ({ delays }) => delays.reap,
  }),
});

function measure({ rounds, quick }: Effort): readonly Group[] {
  const counts = quick ? [1, 50, 100] : [1, 100, 1000, 5000];
  const read = (output: string): Run => JSON.parse(output) as Run;
  const sides = inTurn(
    rounds,
    counts.map((count) => ({
      name: named(count),
      run: () => read(trial('scale/systems', count, quick ? 50 : 1000)),
    })),
  );
  const many = sides.slice(1); // of one there is no growth
  return [...startGroups(sides), memoryGroup(many), countGroup(sides), timeGroup(many), delayGroup(sides)];
}

export const scale: Section = {
  id: 'r',
  title: 'Many systems on one host',
  about:
    'So many systems are alive on a simulated host in another process, each with a process that waits. One more is created, started ' +
    'and closed, time after time; all are listed; they end at once, with the machine that hosts them; as many, left behind by a client ' +
    'that has closed its handles, are reaped.',
  measure,
};
