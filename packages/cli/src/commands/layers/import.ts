/**
 * `layers import`.
 *
 * @module
 */
import { importLayer } from 'hostcompute';
import type { ImportedLayer } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import type { ParentOptions } from '../../host/layer-store.js';
import { checkNewId, openLayerStore, parentsOf } from '../../host/layer-store.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { withProgress } from '../../output/progress.js';

interface ImportOptions extends ParentOptions {
  readonly id: string;
  readonly digest?: string;
  readonly diffId?: string;
}

/** Makes a layer of a tar. */
export const importOne: Action<ImportOptions> = async ({ words: [file = '-'], options, globals }) => {
  const id = checkNewId(options.id, options);
  const parents = parentsOf(options);
  await using context = await openContext(globals, { lasting: false });
  const store = await openLayerStore(options, context);
  const { digest, diffId } = options;
  const verify = { ...(digest !== undefined && { digest }), ...(diffId !== undefined && { diffId }) };
  const imported = await withProgress(globals, id, 'unpack', (show) =>
    importLayer(file === '-' ? process.stdin : file, {
      store,
      id,
      parents,
      verify,
      signal: context.signal,
      onProgress: ({ phase, bytes, totalBytes }) => show(bytes, totalBytes, phase === 'read' ? 'unpack' : 'register'),
    }),
  );
  new Output(globals).one(printedImport(imported), linesOfImport(imported));
};

export function printedImport(imported: ImportedLayer) {
  const { id, path, entries, bytes, unpackedBytes, compression, digest, diffId, hasUtilityVM } = imported;
  const sizes = { entries, bytes, unpackedBytes, compression };
  return { kind: 'layer-imported', id, folder: path, ...sizes, digest, diffId, hasUtilityVM };
}

export function linesOfImport({ id, entries, unpackedBytes, diffId, path }: ImportedLayer): readonly string[] {
  return [`${id}: ${entries} entries, ${byteSize(unpackedBytes)}, ${diffId}`, path];
}
