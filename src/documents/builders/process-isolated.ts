/**
 * A Windows container that shares the kernel of the host.
 *
 * @module
 */
import type { ContainerDocument } from '../../../types/documents.js';
import type * as Schema1 from '../../../types/schema1/index.js';
import { checkedOptions, flag, members, text } from './option-checks.js';
import { configOf } from './container-of-schema1.js';
import { containerOf } from './container-of-schema2.js';
import type { ContainerOptions, LayerOptions } from './container-options.js';
import { containerChecks, layerCheck, layersCheck } from './container-options.js';
import type { SchemaChoice, SystemOptions } from './envelope.js';
import { choiceChecks, envelope, given, schemaOf, systemChecks } from './envelope.js';
import { joined, volume } from './names-and-paths.js';

/** Options of {@link processIsolated}. */
export interface ProcessIsolatedOptions extends ContainerOptions, SystemOptions, SchemaChoice {
  /** Read-only layers, the topmost first. With CimFS the one volume that is merged of them. */
  readonly layers: readonly LayerOptions[];
  /** The volume of the mounted writable layer, `\\?\Volume{GUID}\`; the last backslash is set right. */
  readonly scratchVolume: string;
  /** Schema 1: the folder of the writable layer, which Docker sends too. Schema 2 has no place for it. */
  readonly scratchFolder?: string;
  /** Schema 1: a faster first start. Schema 2 has no place for it. */
  readonly ignoreFlushesDuringBoot?: boolean;
}

const check = members<ProcessIsolatedOptions>(
  {
    ...containerChecks,
    ...systemChecks,
    ...choiceChecks,
    layers: layersCheck(layerCheck),
    scratchVolume: volume,
    scratchFolder: text,
    ignoreFlushesDuringBoot: flag,
  },
  ...(['id', 'layers', 'scratchVolume'] as const),
);

/**
 * The document of a process-isolated Windows container. Its layers and its scratch are mounted before it is created.
 *
 * @example
 * const document = documents.processIsolated({
 *   id: 'web',
 *   layers: [{ id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', path: 'D:\\layers\\base' }],
 *   scratchVolume: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
 *   memoryMiB: 512,
 * });
 * await using system = await ComputeSystem.create('web', document);
 *
 * @throws HcsArgumentError for an option that is unknown, missing, of the wrong form, or of the other schema
 */
export function processIsolated(options: ProcessIsolatedOptions & { readonly schema: 1 }): Schema1.ContainerConfig;
export function processIsolated(
  options: ProcessIsolatedOptions & { readonly schema?: 2; readonly osBuild?: never },
): ContainerDocument;
export function processIsolated(options: ProcessIsolatedOptions): ContainerDocument | Schema1.ContainerConfig;
export function processIsolated(options: ProcessIsolatedOptions): ContainerDocument | Schema1.ContainerConfig {
  options = checkedOptions(options, check);
  const { layers, scratchVolume, scratchFolder } = options;
  if (schemaOf(options) === 1) {
    return {
      ...configOf(options, layers),
      VolumePath: scratchVolume.replace(/\\$/, ''),
      ...given('LayerFolderPath', scratchFolder),
      HvPartition: false,
    };
  }
  const place = { scratch: joined(scratchVolume, ''), layers };
  return {
    ...envelope(options),
    Container: containerOf({ ...options, gracefulStop: options.gracefulStop ?? true }, place),
  };
}
