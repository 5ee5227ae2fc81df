/**
 * `images rm` and `images prune`.
 *
 * @module
 */
import type { Pruned } from 'hostcompute-images';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import { openImages } from '../../host/images.js';
import { byteSize } from '../../output/byte-size.js';
import { shortDigest } from '../../output/image-progress.js';
import { Output } from '../../output/output.js';

/** Removes names of images, and images. */
export const removeImages: Action<{ readonly force?: boolean }> = async ({ words, options: { force }, globals }) => {
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const output = new Output(globals);
  // All of them have to be there before any is removed.
  for (const word of words) await images.get(word);
  for (const word of words) {
    const { references, ...rest } = await images.remove(word, { force, signal: context.signal });
    const printed = { kind: 'image-removed', references, ...membersOf(rest) };
    output.one(printed, [...references.map((name) => `name ${name}`), ...linesOf(rest, 'removed')]);
  }
};

/** Removes what nothing needs. */
export const pruneImages: Action<{ readonly dryRun?: boolean }> = async ({ options: { dryRun = false }, globals }) => {
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const pruned = await images.prune({ dryRun, signal: context.signal });
  const lines = linesOf(pruned, dryRun ? 'would be removed' : 'removed');
  new Output(globals).one({ kind: 'images-pruned', dryRun, ...membersOf(pruned) }, lines);
};

function membersOf({ images, layers, blobs, bytes }: Pruned) {
  return { images, layers, blobs, bytes };
}

function linesOf({ images, layers, blobs, bytes }: Pruned, verb: string): readonly string[] {
  return [
    ...images.map((id) => `image ${shortDigest(id)}`),
    `${layers.length} layers, ${blobs.length} blobs ${verb}: ${byteSize(bytes)}`,
  ];
}
