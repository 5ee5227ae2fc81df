/**
 * `convert`: documents from configurations of OCI.
 *
 * @module
 */
import type { ParentLayer } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import type { Action } from '../command-line/declare.js';
import type { GlobalOptions } from '../command-line/global-options.js';
import { usageFailure } from '../failure.js';
import { readJsonObject } from '../input/read-json.js';
import { Output } from '../output/output.js';

interface ConvertOptions {
  readonly schema: number;
  readonly id: string;
  readonly layer?: readonly string[];
  readonly processors?: number;
  readonly scratch?: string;
  readonly vm?: boolean;
}

interface Converted {
  /** What the file was. */
  readonly from: 'runtime' | 'image';
  readonly document: object;
  readonly notExpressed: readonly documents.NotExpressed[];
}

/** Prints the document, and on stderr what of the configuration it does not say. */
export const convert: Action<ConvertOptions> = async ({ words: [file = '-'], options, globals }) => {
  const { from, document, notExpressed } = await converted(await readJsonObject(file), options, globals);
  const output = new Output(globals);
  output.one({ kind: 'converted', from, document, notExpressed }, [JSON.stringify(document, null, 2)]);
  if (output.isJson) return;
  for (const { path, reason } of notExpressed) process.stderr.write(`not in the document: ${path} ${reason}\n`);
};

async function converted(config: object, options: ConvertOptions, globals: GlobalOptions): Promise<Converted> {
  if (isImage(config)) return { from: 'image', document: documents.processFromOciImage(config), notExpressed: [] };
  const { schema, id, processors, scratch, vm } = options;
  if (schema !== 1 && schema !== 2) throw usageFailure(`--schema is ${schema}`, 'It must be 1 or 2.');
  const common = {
    owner: globals.owner ?? 'hostcompute-cli',
    ...(processors !== undefined && { processorCount: processors }),
  };
  if (vm === true) return { from: 'runtime', ...documents.utilityVmFromOciSpec(config, common) };
  const { parentLayers, notes } = await layersOf(config, options.layer ?? [], globals);
  const { document, notExpressed } = documents.fromOciSpec(config, {
    ...common,
    id,
    schema,
    parentLayers,
    ...(scratch !== undefined && { scratchPath: scratch }),
  });
  return { from: 'runtime', document, notExpressed: [...notExpressed, ...notes] };
}

// The configuration of an image has its process in `config`, and no version of a runtime's.
function isImage(config: object): boolean {
  return !('ociVersion' in config) && ('rootfs' in config || 'config' in config);
}

interface Layers {
  readonly parentLayers: readonly ParentLayer[];
  readonly notes: readonly documents.NotExpressed[];
}

/** Those of the command line, else the folders of the configuration, whose last one is the writable layer. */
async function layersOf(config: object, given: readonly string[], globals: GlobalOptions): Promise<Layers> {
  if (given.length > 0) return { parentLayers: given.map(layerOf), notes: [] };
  const { windows } = config as { readonly windows?: { readonly layerFolders?: unknown } };
  const folders: readonly unknown[] = Array.isArray(windows?.layerFolders) ? windows.layerFolders : [];
  const paths = folders.slice(0, -1).filter((each) => typeof each === 'string');
  if (paths.length === 0 && windows !== undefined)
    throw usageFailure('The configuration names no read-only layers', `Name them: ${layerForm}.`);
  if (paths.length === 0) return { parentLayers: [], notes: [] };
  const { layersByFolder } = await import('../host/layer-ids.js');
  return layersByFolder(paths, globals);
}

const layerForm = '--layer 6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01=D:\\layers\\base';

function layerOf(given: string): ParentLayer {
  const at = given.indexOf('=');
  if (at > 0 && at < given.length - 1) return { Id: given.slice(0, at), Path: given.slice(at + 1) };
  throw usageFailure(`--layer is "${given}"`, `It must be as in ${layerForm}.`);
}
