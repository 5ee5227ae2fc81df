/**
 * What `computestorage.dll` does with disks that are open: base layers that need one, and the disks of scratch layers.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import { limitsOf, readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { OperationOptions } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import { remaining } from '../host/waits/deadlines.js';
import { checkFolder } from '../layers/layer-names.js';
import type { OsLayerSetup } from './base-layers.js';
import { osLayerText, setupNames } from './base-layers.js';
import { formatByDrive } from './drive.js';
import { callStorage, sessionFor } from './storage-call.js';
import { VirtualDisk } from './virtual-disk.js';

/** How a base layer is set up. */
export interface SetupBaseOSLayerOptions extends HostOptions, OsLayerSetup {
  /** Of `Vm` alone, and required there: it is attached, and Windows partitions it. */
  readonly disk?: VirtualDisk;
}

/**
 * Sets up a base layer whose files are in place. The folder must have neither `Hives` nor `Layout`. See `setupBaseLayer()`
 * for all of it, disks included. No deadline unless one is given.
 *
 * @param layer - the folder of the layer; of `Vm` its folder `UtilityVM`
 */
export async function setupBaseOSLayer(layer: string, options: SetupBaseOSLayerOptions): Promise<void> {
  const started = performance.now();
  await setUpBaseOS(layer, options, started);
}

/** The same. `completed` is called when the host has completed the call, which may be after its limits. */
export async function setUpBaseOS(
  layer: string,
  options: SetupBaseOSLayerOptions,
  started: number,
  completed?: () => void,
): Promise<void> {
  const layerPath = checkFolder(layer, 'layer');
  const read = readOperationOptions(options, [...setupNames, 'disk']);
  const text = osLayerText(read);
  const { disk } = read;
  const name = 'HcsSetupBaseOSLayer';
  const settled = { ...(completed !== undefined && { settled: completed }) };
  if (read.type === 'Container') {
    if (disk !== undefined) {
      throw new HcsArgumentError('options.disk', 'must be left out where options.type is "Container"', disk);
    }
    const session = await sessionFor(name, read.host);
    const input = { layerPath, vhdHandle: null, options: text };
    await callStorage(session, { name, layer, input, ...settled }, read, started);
    return;
  }
  if (!(disk instanceof VirtualDisk)) {
    throw new HcsArgumentError('options.disk', 'must be a VirtualDisk that is attached', disk);
  }
  const limits = remaining({ timeoutMs: Infinity, ...limitsOf(read) }, started);
  throwIfAborted(name, { layer }, limits);
  // A call on the disk, whose close waits for it.
  const input = { layerPath, vhdHandle: disk.handle, options: text };
  await run({ ...disk.life.call(name, input, limits), subject: { layer }, ...settled });
}

/**
 * Formats a new disk for a scratch layer: one partition with NTFS. On Windows Server 2019 the disk is attached for it.
 *
 * @param disk - open for writing, and not attached
 */
export async function formatWritableVhd(disk: VirtualDisk, options: OperationOptions = {}): Promise<void> {
  const started = performance.now();
  const name = 'HcsFormatWritableLayerVhd';
  const { life, handle } = checkDisk(disk);
  const limits = readOperationOptions(options);
  throwIfAborted(name, life.subject, limits);
  const { osBuild = Infinity } = life.session;
  if (osBuild > lastWithDriveHandles) await run(life.call(name, { vhdHandle: handle }, limits));
  else await formatByDrive(disk, () => remaining(limits, started));
}

/** Where the volume of a disk that is attached is: `\\?\Volume{...}`. */
export async function vhdMountPath(disk: VirtualDisk, options: OperationOptions = {}): Promise<string> {
  const name = 'HcsGetLayerVhdMountPath';
  const { life, handle } = checkDisk(disk);
  const limits = readOperationOptions(options);
  throwIfAborted(name, life.subject, limits);
  const { outputs } = await run(life.call(name, { vhdHandle: handle }, limits));
  return outputs.mountPath ?? '';
}

function checkDisk(disk: unknown): VirtualDisk {
  if (disk instanceof VirtualDisk) return disk;
  throw new HcsArgumentError('disk', 'must be a VirtualDisk', disk);
}

// There the function takes the handle of the drive, and not of its file.
const lastWithDriveHandles = 17763;
