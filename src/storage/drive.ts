/**
 * Formatting through the drive of a disk: Windows Server 2019 takes no handle of virtdisk.dll there.
 *
 * @module
 */
import { HcsAbortError, HcsTimeoutError } from '../errors/errors.js';
import { Lifetime } from '../host/handle-lifetime.js';
import { openHandle } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import type { DiskHandle, VirtualDisk } from './virtual-disk.js';

/** Attaches the disk, formats its drive, and detaches it again. `left` are the limits of each step. */
export async function formatByDrive(disk: VirtualDisk, left: () => OperationOptions): Promise<void> {
  const attachment = await disk.attach(left());
  let drive: Lifetime<never> | undefined;
  // The host has the drive open until a call on it has ended.
  const undo = async (): Promise<void> => {
    await drive?.close({ timeoutMs: Infinity });
    await attachment.detach({ timeoutMs: Infinity });
  };
  try {
    drive = await openDrive(disk, await disk.physicalPath(left()), left());
    const vhdHandle = drive.handle as DiskHandle;
    await run(drive.call('HcsFormatWritableLayerVhd', { vhdHandle }, left()));
  } catch (error) {
    const undone = undo().catch(() => undefined);
    if (!(error instanceof HcsTimeoutError || error instanceof HcsAbortError)) await undone;
    throw error;
  }
  await drive.close(left());
  await attachment.detach(left());
}

async function openDrive({ life, path: disk }: VirtualDisk, path: string, options: OperationOptions) {
  return openHandle<'OpenDrive', Lifetime<never>>({
    session: life.session,
    name: 'OpenDrive',
    input: { path },
    subject: { disk },
    options,
    make: (opened) => {
      const drive = new Lifetime<never>(opened);
      drive.begin(drive);
      return drive;
    },
  });
}
