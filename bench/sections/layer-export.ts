import type { LayerExportTrial } from '../trials/layer-export.js';
import type { Figure } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { inTurn, shellSeconds, trial } from '../support/bench.js';
import type { LayerShape } from '../support/layer-trees.js';
import { layerShapes, layerTree, smallShape } from '../support/layer-trees.js';

export const layerExport: Section = {
  id: 'k',
  title: 'Layers to tars',
  about:
    'A layer to its tar, through a stream or a pipe, from warm files. GNU tar packs the same tree, without a digest and ' +
    'with it; hostcompute always computes it.',
  measure({ rounds, quick }) {
    const all = (quick ? [smallShape] : layerShapes).map((shape) => exported(shape, rounds));
    return [
      {
        title: 'Speed of an export',
        unit: 'MB/s',
        better: 'more',
        chart: 'bars',
        figures: all.map(({ speed }) => speed),
      },
      {
        title: 'Files per second',
        unit: 'files/s',
        better: 'more',
        chart: 'none',
        figures: all.map(({ files }) => files),
      },
      {
        title: 'Most memory of the process that exports',
        unit: 'MiB',
        better: 'less',
        chart: 'none',
        figures: all.map(({ memory }) => memory),
      },
      {
        title: 'Delay of the event loop in an export, p99',
        unit: 'ms',
        better: 'less',
        chart: 'none',
        figures: all.map(({ delay }) => delay),
      },
      {
        title: 'Longest delay of the event loop in an export',
        unit: 'ms',
        better: 'less',
        chart: 'none',
        figures: all.map(({ longest }) => longest),
      },
    ];
  },
};

function exported(
  shape: LayerShape,
  rounds: number,
): Record<'speed' | 'files' | 'memory' | 'delay' | 'longest', Figure> {
  const root = layerTree(shape);
  const pack = `tar -cf - -C '${root}' .`;
  const trials: LayerExportTrial[] = [];
  shellSeconds(`${pack} | cat > /dev/null`); // warms the files
  const sides = inTurn(rounds, [
    {
      name: 'hostcompute',
      run: () => {
        trials.push(JSON.parse(trial('layer-export', root)) as LayerExportTrial);
        return trials.at(-1)!.seconds;
      },
    },
    { name: 'GNU tar', run: () => shellSeconds(`${pack} | cat > /dev/null`) },
    { name: 'GNU tar and sha256sum', run: () => shellSeconds(`${pack} | sha256sum`) },
  ]);
  const per = (amount: number) =>
    sides.map((side) =>
      series(
        side.name,
        side.rounds.map((seconds) => amount / seconds),
      ),
    );
  const own = (most: number, pick: (figures: LayerExportTrial) => number): Figure => ({
    name: shape.name,
    series: [series('hostcompute', trials.map(pick))],
    target: { most },
  });
  return {
    speed: compared(shape.name, per(shape.bytes / 1e6)),
    files: { name: shape.name, series: per(shape.files) },
    memory: own(120, ({ residentMebibytes }) => residentMebibytes),
    delay: own(10, ({ delay }) => delay),
    longest: own(20, ({ longestDelay }) => longestDelay),
  };
}
