// (k) layers to tars, against GNU tar
import type { LayerExportTrial } from '../trials/layer-export.js';
import type { Effort } from '../support/bench.js';
import { inTurn, shellSeconds, spread, trial } from '../support/bench.js';
import type { LayerShape } from '../support/layer-trees.js';
import { layerShapes, layerTree } from '../support/layer-trees.js';
import { table } from '../support/statistics.js';

export function layerExport({ rounds }: Effort): void {
  console.log('\n(k) A layer to its tar, through a pipe or stream, from warm files');
  console.log('GNU tar: the same tree, without digest and with it; hostcompute always computes it');
  console.log(
    table([
      ['', 'MB/s', 'files/s', 'GNU tar, MB/s', 'with sha256sum', 'memory, MiB', 'loop delay, ms'],
      ...layerShapes.map((shape) => row(shape, rounds)),
    ]),
  );
}

function row(shape: LayerShape, rounds: number): string[] {
  const root = layerTree(shape);
  const tar = `tar -cf - -C '${root}' .`;
  const theirs = (): readonly [number, number] => [
    shellSeconds(`${tar} | cat > /dev/null`),
    shellSeconds(`${tar} | sha256sum`),
  ];
  theirs(); // warms the files
  const { ours, theirs: others } = inTurn(
    rounds,
    () => JSON.parse(trial('layer-export', root)) as LayerExportTrial,
    theirs,
  );
  const speed = (seconds: number): number => shape.bytes / 1e6 / seconds;
  return [
    shape.name,
    spread(
      ours.map(({ seconds }) => speed(seconds)),
      0,
    ),
    spread(
      ours.map(({ seconds }) => shape.files / seconds),
      0,
    ),
    spread(
      others.map(([plain]) => speed(plain)),
      0,
    ),
    spread(
      others.map(([, hashed]) => speed(hashed)),
      0,
    ),
    spread(
      ours.map(({ residentMebibytes }) => residentMebibytes),
      0,
    ),
    spread(
      ours.map(({ delay }) => delay),
      1,
    ),
  ];
}
