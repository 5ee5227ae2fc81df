/**
 * Named pipes of the host in the guest.
 *
 * @module
 */
import type { ModifyRequest } from '../../../types/documents.js';
import { pipePath, sharedPipe } from '../../documents/builders/names-and-paths.js';
import type { Device } from '../device.js';
import type { Guest } from '../guest.js';
import { checkGuest } from '../guest.js';

/** Where a pipe is. */
export interface PipePlace {
  /** Its path in the guest, as documents of containers in it name it. */
  readonly guestPath: string;
}

export function checkPipe(path: string, guest: Guest): void {
  checkGuest(guest.isLinux, 'windows', 'addPipe', 'Linux guests have sockets.');
  pipePath(path, 'pipe');
}

export function pipeDevice(pipe: string): Device<PipePlace> {
  const ResourcePath = `VirtualMachine/Devices/MappedPipes/${pipe}` as const;
  return {
    operation: 'addPipe',
    key: `pipe ${pipe.toLowerCase()}`,
    take: () => ({ guestPath: sharedPipe(pipe) }),
    free: () => undefined,
    add: (): ModifyRequest => ({ ResourcePath, RequestType: 'Add' }),
    remove: (): ModifyRequest => ({ ResourcePath, RequestType: 'Remove' }),
  };
}
