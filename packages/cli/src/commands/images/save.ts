/**
 * `images save`.
 *
 * @module
 */
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import { openImages } from '../../host/images.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { withProgress } from '../../output/progress.js';
import { checkOutput, pipelineOptions, writeWhole } from '../../output/whole-file.js';

interface SaveOptions {
  readonly output: string;
  readonly format: 'oci' | 'docker' | 'folder';
}

/** Writes images into an archive, or a folder in the layout of OCI. */
export const saveImages: Action<SaveOptions> = async ({ words, options: { output, format }, globals }) => {
  checkOutput(output, globals);
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const { signal } = context;
  let size: number | null = null;
  if (format === 'folder') await images.saveLayout(words, resolve(output), { signal });
  else {
    size = await withProgress(globals, output, 'save', (show) =>
      writeWhole(output, async (open) => {
        const tar = images.save(words, { format, signal });
        let bytes = 0;
        tar.on('data', (chunk: Buffer) => show((bytes += chunk.length)));
        const target = open();
        await pipeline(tar, target, pipelineOptions(target, signal));
        return bytes;
      }),
    );
  }
  if (output === '-') return;
  const shown = size === null ? output : `${output}: ${byteSize(size)}`;
  new Output(globals).one({ kind: 'images-saved', images: words, file: resolve(output), format, size }, [shown]);
};
