/**
 * `layers export` and `layers verify`.
 *
 * @module
 */
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { LayerExportResult, LayerFormat } from 'hostcompute';
import { exportLayer } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { GlobalOptions } from '../../command-line/global-options.js';
import { exitCodes } from '../../exit-codes.js';
import { openContext } from '../../host/context.js';
import type { ParentOptions } from '../../host/layer-store.js';
import { checkIsThere, openLayerStore, parentsOf } from '../../host/layer-store.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { withProgress } from '../../output/progress.js';
import { checkOutput, pipelineOptions, writeWhole } from '../../output/whole-file.js';

interface ExportOptions extends ParentOptions {
  readonly output: string;
  readonly format: LayerFormat;
}

/** Writes a layer as a tar: the file is there when it is whole. */
export const exportOne: Action<ExportOptions> = async ({ words: [id = ''], options, globals }) => {
  const { output, format } = options;
  checkOutput(output, globals);
  const result = await writeWhole(output, (open) => exported(id, format, options, globals, open));
  if (output === '-') process.stderr.write(`${linesOf(id, result).join('\n')}\n`);
  else {
    const printed = { kind: 'layer-exported', id, file: resolve(output), format, ...members(result) };
    new Output(globals).one(printed, linesOf(id, result));
  }
};

interface VerifyOptions extends ParentOptions {
  readonly diffId?: string;
}

/** Reads a layer to its end; ends with 1 when it is not what it must be. */
export const verify: Action<VerifyOptions> = async ({ words: [id = ''], options, globals }) => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const result = await exported(id, 'tar', options, globals, () => nowhere);
  const { diffId: expected } = options;
  const isEqual = expected === undefined ? null : expected.toLowerCase() === result.diffId;
  const { diffId, tarSize, entries } = result;
  const printed = { kind: 'layer-verified', id, diffId, expected: expected ?? null, isEqual, tarSize, entries };
  const verdict =
    isEqual === false ? [`It is not ${String(expected)}.`] : isEqual === true ? ['It is as expected.'] : [];
  new Output(globals).one(printed, [`${id}: ${entries} entries, ${byteSize(tarSize)}, ${diffId}`, ...verdict]);
  return isEqual === false ? exitCodes.failed : exitCodes.done;
};

async function exported(
  id: string,
  format: LayerFormat,
  options: ParentOptions,
  globals: GlobalOptions,
  open: () => NodeJS.WritableStream,
): Promise<LayerExportResult> {
  await using context = await openContext(globals, { lasting: false });
  const store = await openLayerStore(options, context);
  const { signal } = context;
  await checkIsThere(id, store, signal);
  return await withProgress(globals, id, 'export', async (show) => {
    const { stream, result } = exportLayer({ store, id, parents: parentsOf(options), format, signal });
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => show((bytes += chunk.length)));
    const target = open();
    await pipeline(stream, target, pipelineOptions(target, signal));
    return await result;
  });
}

function members({ digest, diffId, size, tarSize, entries, notExported, notExportedCount }: LayerExportResult) {
  return { digest, diffId, size, tarSize, entries, notExported, notExportedCount };
}

function linesOf(
  id: string,
  { entries, size, digest, diffId, notExportedCount }: LayerExportResult,
): readonly string[] {
  const losses = notExportedCount === 0 ? [] : [`${notExportedCount} things of it have no place in a tar: see --json.`];
  return [`${id}: ${entries} entries, ${byteSize(size)}, ${digest}`, `diff id ${diffId}`, ...losses];
}
