/**
 * The guest of a utility VM, as far as devices are concerned.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';

export interface Guest {
  readonly isLinux: boolean;
  /** Whether the host is connected to its guest service, and passes requests on. */
  readonly isConnected: boolean;
}

/** Throws where something is to be mounted in a guest that nobody can ask. */
export function checkMountable(mountAt: string | undefined, { isConnected }: Guest): void {
  if (mountAt === undefined || isConnected) return;
  throw new HcsArgumentError(
    'options.mountAt',
    'must be left out where the host is not connected to the guest',
    mountAt,
    'Create the machine without guestConnection: false.',
  );
}

/** Throws for what only the other kind of guest can use. */
export function checkGuest(isLinux: boolean, wanted: 'linux' | 'windows', operation: string, instead: string): void {
  if (isLinux === (wanted === 'linux')) return;
  const names = { linux: 'Linux', windows: 'Windows' };
  throw new HcsArgumentError(
    'os',
    `must be of a ${names[wanted]} guest for ${operation}()`,
    isLinux ? 'linux' : 'windows',
    instead,
  );
}
