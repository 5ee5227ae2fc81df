/**
 * Base layers whose files are in place.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import { readOperationOptions } from '../host/operation-options.js';
import { checkFolder } from '../layers/layer-names.js';
import { booleanOf } from './folders.js';
import { callStorage, checkPlace, sessionFor } from './storage-call.js';

/** What a base layer is set up for, and how. */
export interface OsLayerSetup {
  /** `Container`: the folder of the layer. `Vm`: its folder `UtilityVM`. */
  readonly type: 'Container' | 'Vm';
  readonly disableCiCacheOptimization?: boolean;
  /** From Windows Server 2022 on. */
  readonly skipUpdateBcdForBoot?: boolean;
}

export interface SetupBaseOSVolumeOptions extends HostOptions, OsLayerSetup {}

export const setupNames = ['host', 'type', 'disableCiCacheOptimization', 'skipUpdateBcdForBoot'];

/** The text of the document. Only what is set is in it, as with Microsoft's own client. */
export function osLayerText(options: OsLayerSetup): string {
  const type: unknown = options.type;
  if (type !== 'Container' && type !== 'Vm') {
    throw new HcsArgumentError('options.type', 'must be "Container" or "Vm"', type);
  }
  const flags = {
    DisableCiCacheOptimization: booleanOf(options.disableCiCacheOptimization, 'options.disableCiCacheOptimization'),
    SkipUpdateBcdForBoot: booleanOf(options.skipUpdateBcdForBoot, 'options.skipUpdateBcdForBoot'),
  };
  return JSON.stringify({ Type: type, ...Object.fromEntries(Object.entries(flags).filter(([, set]) => set)) });
}

/**
 * Sets up a base layer on a volume that is mounted. Windows has it from build 19645 on. No deadline unless one is given.
 *
 * @param layer - the folder of the layer, absolute
 * @param volume - where the volume is mounted
 */
export async function setupBaseOSVolume(
  layer: string,
  volume: string,
  options: SetupBaseOSVolumeOptions,
): Promise<void> {
  const started = performance.now();
  const layerPath = checkFolder(layer, 'layer');
  const volumePath = checkPlace(volume, 'volume');
  options = readOperationOptions(options, setupNames);
  const input = { layerPath, volumePath, options: osLayerText(options) };
  const name = 'HcsSetupBaseOSVolume';
  const session = await sessionFor(name, options.host);
  await callStorage(session, { name, layer, input }, options, started);
}
